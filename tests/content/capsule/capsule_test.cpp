#include "content/capsule/capsule.hpp"
#include "content/lib/json/strict.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace capsule;
using Json = nlohmann::json;

namespace {

// The example of the format, with digests written out.
Json example() {
    const std::string digest(64, '9');
    return Json::parse(R"({
      "title":{"fr":"Un mot de passe solide"},"kind":"video","code":"2P4",
      "theme":"mots-de-passe","axis":"axe2-capacitation","barrier":"protection-donnees","audience":["tous"],"reading":"falc-inspire",
      "needs":["conseiller"],"valid":{"from":"2026-01-01","until":"2027-01-01"},"followed_by":null,
      "versions":[{"language":"fr","sha256":")" +
                       digest + R"(","bytes":1840233,"type":"video/mp4","duration_ms":28000,"width":1920,"height":1080,"fps":[25,1],
        "sound":false,"gain_mdb":0,"text_in_picture":true,
        "captions":[{"language":"fr","sha256":")" +
                       digest + R"(","bytes":423,"type":"text/vtt","drawn":false}],
        "thumbnail":{"sha256":")" +
                       digest + R"(","bytes":20311,"type":"image/webp"}}]})");
}

CapsuleId id() { return *CapsuleId::parse("mot-de-passe"); }

} // namespace

TEST_CASE("a capsule's record keeps its meaning through JSON and back") {
    const auto capsule = capsule_from_json(id(), example());
    REQUIRE(capsule);
    CHECK(capsule->title.at("fr") == "Un mot de passe solide");
    CHECK(capsule->code == "2P4");
    CHECK(capsule->versions.at(0).duration == Milliseconds{28000});
    CHECK(capsule->versions.at(0).captions.at(0).drawn == false);
    CHECK(capsule->versions.at(0).thumbnail->bytes == 20311);
    CHECK(to_json(*capsule) == example());
    CHECK(*capsule_from_json(id(), to_json(*capsule)) == *capsule);
    CHECK(json::canonical(to_json(*capsule)).ok()); // no floating-point number in it
}

TEST_CASE("a record of a newer writer is read without what is not known") {
    Json json = example();
    json["mood"] = "calm";
    json["versions"][0]["hdr"] = true;
    CHECK(capsule_from_json(id(), json).ok());
}

TEST_CASE("a card needs no version, a video does") {
    Json json = example();
    json["versions"] = Json::array();
    CHECK_FALSE(capsule_from_json(id(), json).ok());
    json["kind"] = "card";
    CHECK(capsule_from_json(id(), json).ok());
}

TEST_CASE("what is wrong in a record is refused and the field is named") {
    struct Wrong {
        const char* patch;
        const char* named;
    };
    const auto wrong = GENERATE(values<Wrong>({
        {R"({"title":{"en":"Hello"}})", "mot-de-passe.title"},
        {R"({"title":{"fr":""}})", "mot-de-passe.title.fr"},
        {R"({"title":"text"})", "mot-de-passe.title"},
        {R"({"kind":"film"})", "mot-de-passe.kind"},
        {R"({"code":"2PU"})", "mot-de-passe.code"},
        {R"({"code":"2p4"})", "mot-de-passe.code"},
        {R"({"theme":12})", "mot-de-passe.theme"},
        {R"({"theme":"a b"})", "mot-de-passe.theme"},
        {R"({"audience":"tous"})", "mot-de-passe.audience"},
        {R"({"needs":[1]})", "mot-de-passe.needs"},
        {R"({"valid":{"from":"2026-02-30"}})", "mot-de-passe.valid.from"},
        {R"({"valid":{"from":"2026-02-03","until":"2026-02-03"}})", "mot-de-passe.valid.until"},
        {R"({"followed_by":"Près d’ici"})", "mot-de-passe.followed_by"},
        {R"({"versions":{}})", "mot-de-passe.versions"},
        {R"({"versions":[1]})", "mot-de-passe.versions[0]"},
    }));
    Json json = example();
    json.update(Json::parse(wrong.patch));
    const auto capsule = capsule_from_json(id(), json);
    INFO(wrong.patch);
    REQUIRE_FALSE(capsule.ok());
    CHECK(capsule.error().category == Category::invalid);
    CHECK(capsule.error().message.rfind(wrong.named, 0) == 0);
}

TEST_CASE("what is wrong in a version is refused and the field is named") {
    struct Wrong {
        const char* pointer;
        const char* value;
        const char* named;
    };
    const auto wrong = GENERATE(values<Wrong>({
        {"/sha256", R"("ABC")", ".versions[0].sha256"},
        {"/bytes", "-1", ".versions[0].bytes"},
        {"/bytes", "18446744073709551615", ".versions[0].bytes"},
        {"/bytes", "1.5", ".versions[0].bytes"},
        {"/type", R"("mp4")", ".versions[0].type"},
        {"/duration_ms", "0", ".versions[0].duration_ms"},
        {"/width", "100000", ".versions[0].width"},
        {"/fps", "[25]", ".versions[0].fps"},
        {"/fps", "[25,0]", ".versions[0].fps"},
        {"/fps", R"(["a",1])", ".versions[0].fps"},
        {"/sound", R"("no")", ".versions[0].sound"},
        {"/gain_mdb", "1000000", ".versions[0].gain_mdb"},
        {"/language", R"("f")", ".versions[0].language"},
        {"/captions/0/sha256", R"("00")", ".versions[0].captions[0].sha256"},
        {"/thumbnail", "[]", ".versions[0].thumbnail"},
    }));
    Json json = example();
    json["versions"][0][Json::json_pointer(wrong.pointer)] = Json::parse(wrong.value);
    const auto capsule = capsule_from_json(id(), json);
    INFO(wrong.pointer << " = " << wrong.value);
    REQUIRE_FALSE(capsule.ok());
    CHECK(capsule.error().message.find(wrong.named) != std::string::npos);
}

TEST_CASE("two versions in one language are refused") {
    Json json = example();
    json["versions"].push_back(json["versions"][0]);
    CHECK_FALSE(capsule_from_json(id(), json).ok());
    json["versions"][1]["language"] = "ar";
    CHECK(capsule_from_json(id(), json).ok());
}
