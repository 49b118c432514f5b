// One person at a terminal, with a home folder of its own.
#pragma once

#include "playlists/cli/command_line.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/faulty_http_server.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <fstream>
#include <sstream>

namespace capsule::cli {

using Request = FaultyHttpServer::Request;
using Answer = FaultyHttpServer::Answer;

inline Answer json_answer(int status, std::string body) {
    return {status, {{"Content-Type", "application/json"}}, std::move(body), {}, false, {}, 0};
}

struct Person {
    TemporaryFolder home;
    FakeClock clock;
    SystemDisk disk;
    std::ostringstream out, err;

    int run(std::vector<std::string> words) {
        out.str("");
        err.str("");
        Terminal terminal{
            out,
            err,
            clock,
            disk,
            false,
            [](const std::string&) -> Result<std::string> { return std::string("from the keyboard"); },
            [this](const char* name) { return std::string(name) == "HOME" ? home.path().string() : std::string(); }};
        words.insert(words.begin(), "capsule");
        std::vector<const char*> argv;
        for (const auto& word : words)
            argv.push_back(word.c_str());
        return cli::run(static_cast<int>(argv.size()), argv.data(), terminal);
    }
    std::string file(const std::string& name, const std::string& text) {
        std::ofstream(home.path() / name, std::ios::binary) << text;
        return (home.path() / name).string();
    }
    bool one_line() const {
        const std::string text = err.str();
        INFO(text);
        return text.starts_with("capsule: ") && text.find('\n') == text.size() - 1;
    }
    void sign_in(const FaultyHttpServer& server) {
        std::filesystem::create_directories(home.path() / ".config/capsule");
        file(".config/capsule/token.json", R"({"format":1,"server":")" + server.address() + R"(","token":"secret-token"})");
    }
};

} // namespace capsule::cli
