#include "tests/catch.hpp"
#include "tests/playlists/server/uploads/tus_client.hpp"

#include "content/lib/openssl/message_digest.hpp"

#include <chrono>
#include <thread>

using namespace capsule;

namespace {

std::string pattern(std::size_t bytes, unsigned seed = 1) {
    std::string text(bytes, '\0');
    for (char& c : text)
        c = static_cast<char>((seed = seed * 1103515245u + 12345u) >> 16);
    return text;
}

Path file_of(const RunningServer& running, const std::string& upload) {
    return running.settings.data / "uploads" / ("tus-" + upload.substr(upload.rfind('/') + 1));
}

// Until the server has seen it: a connection is cut, or bytes came, at its own time.
template <typename Condition>
bool soon(Condition condition) {
    for (int i = 0; i < 1000; ++i) {
        if (condition())
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

std::string checksum(const char* algorithm, const std::string& bytes) {
    auto digest = MessageDigest::of(algorithm);
    digest->add(bytes);
    return std::string("Upload-Checksum: ") + algorithm + " " + to_base64(digest->finish());
}

} // namespace

TEST_CASE("a master arrives in pieces, byte for byte") {
    RunningServer running;
    HttpClient& client = *running.client;
    const std::string bytes = pattern(300'000);
    const std::string upload = begin_upload(client, bytes.size());
    REQUIRE_FALSE(upload.empty());
    CHECK(offset_of(client, upload) == "0");
    const HttpReply first = send_piece(client, upload, 0, bytes.substr(0, 100'000));
    CHECK(first.status == 204);
    CHECK(first.headers.at("upload-offset") == "100000");
    CHECK(first.headers.at("tus-resumable") == "1.0.0");
    CHECK(send_piece(client, upload, 100'000, bytes.substr(100'000)).headers.at("upload-offset") == "300000");
    CHECK(read_whole(file_of(running, upload)) == bytes);
    const HttpReply state = client.get(upload);
    CHECK(state.body.find("\"name\":\"film.mp4\"") != std::string::npos);
    CHECK(state.body.find("\"offset\":300000") != std::string::npos);
    CHECK(state.headers.at("cache-control") == "no-store");
}

TEST_CASE("what came before a connection was cut counts, and the transfer goes on from there") {
    RunningServer running;
    const std::string token = running.token("anne"), bytes = pattern(2'000'000);
    const std::string upload = begin_upload(*running.client, bytes.size());
    {
        const HalfPatch cut(running.server->address(), upload, token, 0, bytes.size(), bytes.substr(0, 700'000));
        REQUIRE(soon([&] { return offset_of(*running.client, upload) == "700000"; }));
    }
    CHECK(send_piece(*running.client, upload, 700'000, bytes.substr(700'000)).headers.at("upload-offset") == "2000000");
    CHECK(read_whole(file_of(running, upload)) == bytes);
}

TEST_CASE("a transfer survives the server's end") {
    RunningServer running;
    const std::string bytes = pattern(50'000);
    const std::string upload = begin_upload(*running.client, bytes.size());
    REQUIRE(send_piece(*running.client, upload, 0, bytes.substr(0, 20'000)).status == 204);
    const std::string token = running.token("anne");
    running.server.reset();
    running.start();
    running.client->always("Authorization: Bearer " + token);
    CHECK(offset_of(*running.client, upload) == "20000");
    CHECK(send_piece(*running.client, upload, 20'000, bytes.substr(20'000)).status == 204);
    CHECK(read_whole(file_of(running, upload)) == bytes);
}

TEST_CASE("who comes back takes the upload over from a connection that hangs") {
    RunningServer running;
    const std::string token = running.token("anne"), bytes = pattern(1'000'000);
    const std::string upload = begin_upload(*running.client, bytes.size());
    HalfPatch hanging(running.server->address(), upload, token, 0, bytes.size(), bytes.substr(0, 300'000));
    REQUIRE(soon([&] { return offset_of(*running.client, upload) == "300000"; }));
    CHECK(send_piece(*running.client, upload, 300'000, bytes.substr(300'000)).status == 204);
    hanging.send(pattern(200'000, 7)); // what the old one still sends is not written
    CHECK(offset_of(*running.client, upload) == "1000000");
    CHECK(read_whole(file_of(running, upload)) == bytes);
}

TEST_CASE("a piece at another offset is refused and changes nothing") {
    RunningServer running;
    HttpClient& client = *running.client;
    const std::string upload = begin_upload(client, 10);
    CHECK(send_piece(client, upload, 0, "01234").status == 204);
    CHECK(send_piece(client, upload, 0, "abcde").status == 409);
    CHECK(send_piece(client, upload, 7, "789").status == 409);
    CHECK(send_piece(client, upload, 5, "too much for it").status == 413);
    CHECK(send_piece(client, upload, 5, "56789").status == 204);
    CHECK(read_whole(file_of(running, upload)) == "0123456789");
}

TEST_CASE("a piece with a checksum counts whole or not at all") {
    RunningServer running;
    HttpClient& client = *running.client;
    const std::string bytes = pattern(100'000);
    const std::string upload = begin_upload(client, bytes.size());
    const std::string half = bytes.substr(0, 50'000), rest = bytes.substr(50'000);
    CHECK(send_piece(client, upload, 0, half, {checksum("sha1", half)}).status == 204);
    CHECK(send_piece(client, upload, 50'000, rest, {checksum("sha1", half)}).status == 460);
    CHECK(offset_of(client, upload) == "50000");
    CHECK(send_piece(client, upload, 50'000, rest, {"Upload-Checksum: md5 AAAA"}).status == 400);
    {
        const HalfPatch cut(running.server->address(), upload, running.token("anne"), 50'000, 50'000, rest.substr(0, 20'000),
                            checksum("sha256", rest) + "\r\n");
        REQUIRE(soon([&] { return offset_of(client, upload) == "70000"; }));
    }
    REQUIRE(soon([&] { return offset_of(client, upload) == "50000"; }));
    CHECK(send_piece(client, upload, 50'000, rest, {checksum("sha256", rest)}).status == 204);
    CHECK(read_whole(file_of(running, upload)) == bytes);
}

TEST_CASE("an upload is seen by nobody else, and gone when it is ended") {
    RunningServer running;
    running.add_account("karim", "contributor");
    HttpClient other(running.url());
    other.always("Authorization: Bearer " + running.token("karim"));
    const std::string upload = begin_upload(*running.client, 10);
    CHECK(tus(other, "HEAD", upload, nullptr).status == 404);
    CHECK(send_piece(other, upload, 0, "0123456789").status == 404);
    CHECK(tus(other, "DELETE", upload, nullptr).status == 404);
    CHECK(offset_of(*running.client, upload) == "0");
    CHECK(tus(*running.client, "DELETE", upload, nullptr).status == 204);
    CHECK(tus(*running.client, "HEAD", upload, nullptr).status == 404);
    CHECK_FALSE(running.disk.exists(file_of(running, upload)));
}

TEST_CASE("limits and quotas are refused in words") {
    RunningServer running;
    HttpClient& client = *running.client;
    const auto create = [&](const std::string& length) {
        return tus(client, "POST", "/api/v1/uploads", nullptr, {"Upload-Length: " + length});
    };
    CHECK(create("2147483649").status == 413);
    CHECK(create("2147483649").body.find("at most 2147483648 bytes") != std::string::npos);
    CHECK(create("0").status == 422);
    CHECK(create("-1").status == 422);
    CHECK(create("99999999999999999999999").status == 422);
    CHECK(client.send("POST", "/api/v1/uploads", nullptr, {"Upload-Length: 5"}).status == 412);
    int accepted = 0;
    HttpReply last;
    while (accepted < 30 && (last = create("1000")).status == 201)
        ++accepted;
    CHECK(accepted == 20);
    CHECK(last.status == 409);
    CHECK(last.body.find("20 uploads") != std::string::npos);
    running.add_account("karim", "contributor");
    HttpClient other(running.url());
    other.always("Authorization: Bearer " + running.token("karim"));
    int large = 0;
    while (large < 10 && !begin_upload(other, 2'000'000'000).empty())
        ++large;
    CHECK(large <= 4); // 8 GiB together, or what the disk has
}

TEST_CASE("what nobody continued for a week is taken away") {
    RunningServer running;
    const std::string upload = begin_upload(*running.client, 10);
    running.clock.advance(std::chrono::hours(8 * 24));
    const std::string token = running.token("anne");
    running.server.reset();
    running.start();
    running.client->always("Authorization: Bearer " + token);
    CHECK(soon([&] { return tus(*running.client, "HEAD", upload, nullptr).status == 404; }));
    CHECK_FALSE(running.disk.exists(file_of(running, upload)));
}

TEST_CASE("a foreign page cannot write into somebody's upload") {
    RunningServer running;
    HttpClient browser(running.url());
    const std::string sign_in = std::string(R"({"login":"anne","password":")") + RunningServer::password + "\"}";
    const std::string cookie = browser.post("/api/v1/sessions", sign_in).headers.at("set-cookie");
    const std::string upload = begin_upload(*running.client, 10);
    browser.always("Cookie: " + cookie.substr(0, cookie.find(';')));
    CHECK(send_piece(browser, upload, 0, "0123456789").status == 403);
    CHECK(send_piece(browser, upload, 0, "0123456789", {"X-Capsule: 1", "Origin: https://elsewhere.example"}).status == 403);
    CHECK(offset_of(*running.client, upload) == "0");
    CHECK(send_piece(browser, upload, 0, "0123456789", {"X-Capsule: 1"}).status == 204);
}
