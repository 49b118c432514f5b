// The real server on a folder and a port of its own, in this process, with an administrator who is signed in. Thread-bound.
#pragma once

#include "content/base/random.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/app/server.hpp"
#include "playlists/server/http/server.hpp"
#include "playlists/signing/message_signature.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/http_client.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace capsule {

class RunningServer {
public:
    static constexpr const char* password = "un mot de passe bien long";

    explicit RunningServer(std::string public_url = "http://127.0.0.1:1") {
        server::block_signals();
        settings.data = folder.path() / "data";
        settings.public_url = std::move(public_url);
        start();
        create_first();
        client->always("Authorization: Bearer " + token("anne"));
    }
    void start() {
        auto started = server::Server::start(settings, clock, disk, random);
        if (!started)
            throw std::runtime_error(started.error().message);
        server = std::move(*started);
        client = std::make_unique<HttpClient>(url());
    }
    std::string url() const { return "http://" + server->address(); }
    // A bearer token of an account.
    std::string token(const std::string& login) {
        const HttpReply reply = HttpClient(url()).post("/api/v1/sessions", R"({"login":")" + login + R"(","password":")" +
                                                                               password + R"(","kind":"token"})");
        return after(reply.body, "\"token\":\"", 64);
    }
    // Straight into the database, with the administrator's password.
    // `territory`: as the API writes it; empty: everywhere. `site`: of reception.
    void add_account(const std::string& login, const std::string& role, const std::string& territory = {}, const std::string& site = {}) {
        auto database = sqlite::Database::open(settings.data / "server.db");
        auto insert = database->prepare("INSERT INTO accounts(login, role, territory, site, password, created_ms)"
                                        " SELECT ?1, ?2, nullif(?3, ''), nullif(?4, ''), password, 0 FROM accounts WHERE login='anne'");
        insert->bind(1, std::string_view(login));
        insert->bind(2, std::string_view(role));
        insert->bind(3, std::string_view(territory));
        insert->bind(4, std::string_view(site));
        if (auto done = insert->run(); !done)
            throw std::runtime_error(done.error().message);
    }
    // The `length` characters after `mark`.
    static std::string after(const std::string& text, const std::string& mark, std::size_t length) {
        const std::size_t at = text.find(mark);
        return at == std::string::npos ? std::string{} : text.substr(at + mark.size(), length);
    }

    TemporaryFolder folder;
    FakeClock clock;
    SystemDisk disk;
    SystemRandom random;
    server::ServerSettings settings;
    std::unique_ptr<server::Server> server;
    std::unique_ptr<HttpClient> client; // bears the administrator's token

private:
    void create_first() {
        HttpClient(url()).post("/api/v1/accounts/first", R"({"secret":")" + server->first_secret().value_or("") +
                                                             R"(","login":"anne","password":")" + password + "\"}");
    }
};

// The headers of a device's request, as the player sends them.
inline std::vector<std::string> device_headers(const SecretKey& key, const std::string& method, const std::string& path,
                                               const std::string& body, std::uint64_t counter) {
    const SignedHeaders headers = sign_request(key, method, path, body, counter, "0123456789abcdef");
    return {"Content-Digest: " + headers.content_digest, "Capsule-Counter: " + headers.counter,
            "Signature-Input: " + headers.signature_input, "Signature: " + headers.signature,
            "Content-Type: application/x-ndjson"};
}

} // namespace capsule
