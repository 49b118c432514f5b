#include "content/capsule/capsule.hpp"

#include "content/base/encoding.hpp"
#include "content/capsule/fields.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

#include <set>

namespace capsule {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t most_bytes = std::int64_t{1} << 50;
constexpr std::int64_t most_duration_ms = 24LL * 3600 * 1000;
constexpr std::int64_t most_side = 16384;
constexpr std::size_t most_languages = 64;

const char* kind_text(CapsuleKind kind) {
    switch (kind) {
    case CapsuleKind::video:
        return "video";
    case CapsuleKind::image:
        return "image";
    case CapsuleKind::card:
        return "card";
    }
    return "video";
}

bool is_media_type(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size() || text.size() > 100)
        return false;
    for (char c : text)
        if (c <= ' ' || c > '~' || c == '"' || c == '\\')
            return false;
    return true;
}

bool is_kind(std::string_view text) { return text == "video" || text == "image" || text == "card"; }

bool is_capsule_code(std::string_view text) {
    const auto normal = normalise_crockford(text);
    return text.size() == 3 && normal && *normal == text;
}

Json blob_json(const BlobReference& blob) {
    return Json{{"sha256", blob.sha256.hex()}, {"bytes", blob.bytes}, {"type", blob.type}};
}

BlobReference blob_from(Fields& fields) {
    BlobReference blob;
    blob.sha256 = fields.digest("sha256");
    blob.bytes = static_cast<std::uint64_t>(fields.integer("bytes", 1, most_bytes));
    blob.type = fields.checked("type", is_media_type, "a media type such as video/mp4");
    return blob;
}

Json version_json(const CapsuleVersion& version) {
    Json json = blob_json(version.media);
    json["language"] = version.language;
    json["duration_ms"] = version.duration.count();
    json["width"] = version.width;
    json["height"] = version.height;
    json["fps"] = {version.fps_numerator, version.fps_denominator};
    json["sound"] = version.sound;
    json["gain_mdb"] = version.gain_mdb;
    json["text_in_picture"] = version.text_in_picture;
    json["captions"] = Json::array();
    for (const auto& track : version.captions) {
        Json caption = blob_json(track.blob);
        caption["language"] = track.language;
        caption["drawn"] = track.drawn;
        json["captions"].push_back(std::move(caption));
    }
    json["thumbnail"] = version.thumbnail ? blob_json(*version.thumbnail) : Json(nullptr);
    return json;
}

void read_fps(Fields& fields, const Json& object, CapsuleVersion& version) {
    if (!fields.has("fps"))
        return;
    const Json& fps = fields.array("fps", 2);
    const auto good = [](const Json& value) {
        return value.is_number_integer() && value >= 1 && value <= 1'000'000;
    };
    if (fps.size() != 2 || !good(fps[0]) || !good(fps[1])) {
        fields.complain("fps", "two whole numbers such as [25,1] are expected");
        return;
    }
    version.fps_numerator = object["fps"][0].get<int>();
    version.fps_denominator = object["fps"][1].get<int>();
}

CapsuleVersion version_from(Fields& outer, const Json& object, const std::string& where) {
    Fields fields(object, where);
    CapsuleVersion version;
    version.language = fields.checked("language", is_language, "a language tag such as fr");
    version.media = blob_from(fields);
    version.duration = Milliseconds{fields.integer("duration_ms", 1, most_duration_ms)};
    version.width = static_cast<int>(fields.integer("width", 1, most_side));
    version.height = static_cast<int>(fields.integer("height", 1, most_side));
    read_fps(fields, object, version);
    version.sound = fields.boolean_or("sound", false);
    version.gain_mdb = static_cast<int>(fields.integer_or("gain_mdb", -60'000, 60'000, 0));
    version.text_in_picture = fields.boolean_or("text_in_picture", false);
    std::size_t number = 0;
    for (const auto& member : fields.array("captions", most_languages)) {
        Fields caption(member, where + ".captions[" + std::to_string(number++) + "]");
        CaptionTrack track;
        track.language = caption.checked("language", is_language, "a language tag such as fr");
        track.blob = blob_from(caption);
        track.drawn = caption.boolean_or("drawn", true);
        fields.adopt(caption);
        version.captions.push_back(std::move(track));
    }
    if (fields.has("thumbnail")) {
        Fields thumbnail(fields.object("thumbnail", 16), where + ".thumbnail");
        version.thumbnail = blob_from(thumbnail);
        fields.adopt(thumbnail);
    }
    outer.adopt(fields);
    return version;
}

void read_title(Fields& fields, Capsule& capsule) {
    for (const auto& [language, text] : fields.object("title", most_languages).items()) {
        if (!is_language(language))
            fields.complain("title", "a language tag such as fr is expected, not \"" + language + "\"");
        else if (!text.is_string() || text.get_ref<const std::string&>().empty() || text.get_ref<const std::string&>().size() > 1000)
            fields.complain("title." + language, "1 to 1000 bytes of text are expected");
        else
            capsule.title.emplace(language, text.get<std::string>());
    }
    if (!capsule.title.contains("fr"))
        fields.complain("title", "the French title (\"fr\") is missing");
}

void read_versions(Fields& fields, Capsule& capsule) {
    std::size_t number = 0;
    std::set<std::string> languages;
    for (const auto& member : fields.array("versions", most_languages)) {
        const std::string name = "versions[" + std::to_string(number++) + "]";
        capsule.versions.push_back(version_from(fields, member, fields.path(name)));
        if (!languages.insert(capsule.versions.back().language).second)
            fields.complain(name + ".language", "\"" + capsule.versions.back().language + "\" stands twice");
    }
    if (capsule.versions.empty() && capsule.kind != CapsuleKind::card)
        fields.complain("versions", "at least one is expected");
}

} // namespace

nlohmann::json to_json(const Capsule& capsule) {
    Json json{{"title", capsule.title},       {"kind", kind_text(capsule.kind)}, {"theme", capsule.theme},
              {"axis", capsule.axis},         {"barrier", capsule.barrier},      {"audience", capsule.audience},
              {"reading", capsule.reading},   {"needs", capsule.needs},          {"valid", Json::object()},
              {"versions", Json::array()},    {"followed_by", nullptr}};
    if (!capsule.code.empty())
        json["code"] = capsule.code;
    if (!capsule.valid_from.empty())
        json["valid"]["from"] = capsule.valid_from;
    if (!capsule.valid_until.empty())
        json["valid"]["until"] = capsule.valid_until;
    if (capsule.followed_by)
        json["followed_by"] = capsule.followed_by->text();
    for (const auto& version : capsule.versions)
        json["versions"].push_back(version_json(version));
    return json;
}

Result<Capsule> capsule_from_json(const CapsuleId& id, const nlohmann::json& object) {
    Fields fields(object, id.text());
    Capsule capsule;
    capsule.id = id;
    read_title(fields, capsule);
    const std::string kind = fields.has("kind") ? fields.checked("kind", is_kind, "video, image or card") : "video";
    capsule.kind = kind == "card" ? CapsuleKind::card : kind == "image" ? CapsuleKind::image : CapsuleKind::video;
    capsule.code = fields.checked_or_empty("code", is_capsule_code, "three of Crockford's characters");
    capsule.theme = fields.checked_or_empty("theme", is_code, "a code");
    capsule.axis = fields.checked_or_empty("axis", is_code, "a code");
    capsule.barrier = fields.checked_or_empty("barrier", is_code, "a code");
    capsule.reading = fields.checked_or_empty("reading", is_code, "a code");
    capsule.audience = fields.codes("audience", 64);
    capsule.needs = fields.codes("needs", 64);
    Fields valid(fields.object("valid", 16), fields.path("valid"));
    capsule.valid_from = valid.checked_or_empty("from", is_date, "a date such as 2026-01-31");
    capsule.valid_until = valid.checked_or_empty("until", is_date, "a date such as 2026-01-31");
    if (!capsule.valid_from.empty() && !capsule.valid_until.empty() && capsule.valid_until <= capsule.valid_from)
        valid.complain("until", "a date after \"from\" (" + capsule.valid_from + ") is expected");
    fields.adopt(valid);
    if (fields.has("followed_by"))
        capsule.followed_by = CapsuleId::parse(fields.checked("followed_by", is_identifier, "a capsule's id"));
    read_versions(fields, capsule);
    if (!fields.ok())
        return fields.error();
    return capsule;
}

std::vector<BlobReference> blobs_of(const Capsule& capsule) {
    std::vector<BlobReference> blobs;
    const auto add = [&](const BlobReference& blob) {
        if (std::find(blobs.begin(), blobs.end(), blob) == blobs.end())
            blobs.push_back(blob);
    };
    for (const CapsuleVersion& version : capsule.versions) {
        if (capsule.kind != CapsuleKind::card)
            add(version.media);
        for (const CaptionTrack& track : version.captions)
            add(track.blob);
        if (version.thumbnail)
            add(*version.thumbnail);
    }
    return blobs;
}

} // namespace capsule
