// fuzz TARGET CORPUS [--seconds N] [--seed S] [--list]: gives every file of the corpus to the target, then changed copies of them
// for that long. The same seed changes them the same way. No coverage is measured: see README.md for libFuzzer.
// An input that breaks something is left in the file fuzz-TARGET.last (it is written before a run that takes part in nothing else).
#include "content/base/log.hpp"
#include "content/base/random.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

std::string last_input;
std::string last_path;

void keep_last(int signal) {
    const int file = open(last_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file >= 0) {
        [[maybe_unused]] const ssize_t written = write(file, last_input.data(), last_input.size());
        close(file);
    }
    std::signal(signal, SIG_DFL);
    raise(signal);
}

class Mutator {
public:
    Mutator(std::uint64_t seed, const std::vector<std::string>& corpus) : m_random(seed), m_corpus(corpus) {
        for (const std::string& text : corpus) // words of the corpus, to be put where others stand
            for (std::size_t at = 0; at < text.size();) {
                const std::size_t end = std::min(text.find_first_of(" \n\",:;={}[]", at), text.size());
                if (end > at && end - at < 40 && m_words.size() < 2000)
                    m_words.push_back(text.substr(at, end - at));
                at = end + 1;
            }
        for (const char* word : {"9223372036854775807", "-9223372036854775808", "18446744073709551616", "-1", "0", "null", "true", "{}",
                                 "[]", "\"\"", "1e999", "\\u0000", "\\ud800", "\xff\xfe", "\xef\xbb\xbf", "\r\n", "99999999999999999999"})
            m_words.emplace_back(word);
    }

    std::string next(std::size_t most) {
        std::string text = m_corpus[below(m_corpus.size())];
        for (std::size_t changes = 1 + below(5); changes > 0; --changes)
            change(text);
        if (text.size() > most)
            text.resize(most);
        return text;
    }

private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : static_cast<std::size_t>(m_random.number() % bound); }

    void change(std::string& text) {
        const std::size_t at = below(text.size() + 1);
        const std::size_t length = std::min(text.size() - at, below(32) + 1);
        switch (below(9)) {
        case 0:
            if (at < text.size())
                text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
            break;
        case 1:
            if (at < text.size())
                text[at] = static_cast<char>(below(256));
            break;
        case 2:
            text.erase(at, length);
            break;
        case 3:
            text.insert(at, text.substr(below(text.size() + 1), below(64)));
            break;
        case 4:
            text.insert(at, m_words[below(m_words.size())]);
            break;
        case 5:
            text.replace(at, length, m_words[below(m_words.size())]);
            break;
        case 6:
            text.resize(at);
            break;
        case 7: { // the rest of another file
            const std::string& other = m_corpus[below(m_corpus.size())];
            text = text.substr(0, at) + other.substr(below(other.size() + 1));
            break;
        }
        default:
            text.insert(at, below(64), "{}[]\"\\,:0 \n\t;="[below(14)]);
            break;
        }
    }

    capsule::SeededRandom m_random;
    const std::vector<std::string>& m_corpus;
    std::vector<std::string> m_words;
};

} // namespace

int main(int argc, char** argv) {
    using namespace capsule;
    if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
        for (const auto& target : fuzz::targets())
            std::printf("%s\n", target.name);
        return 0;
    }
    const fuzz::Target* target = argc >= 3 ? fuzz::find_target(argv[1]) : nullptr;
    double seconds = 0;
    std::uint64_t seed = 1;
    bool right = target && argc % 2 == 1;
    for (int i = 3; right && i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--seconds") == 0)
            seconds = std::atof(argv[i + 1]);
        else if (std::strcmp(argv[i], "--seed") == 0)
            seed = std::strtoull(argv[i + 1], nullptr, 10);
        else
            right = false;
    }
    if (!right) {
        std::fprintf(stderr, "fuzz TARGET CORPUS [--seconds N] [--seed S], or fuzz --list\n");
        return 2;
    }
    set_log_level(LogLevel::error);
    last_path = std::string("fuzz-") + target->name + ".last";
    for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL})
        std::signal(signal, &keep_last);

    std::vector<std::filesystem::path> files;
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(argv[2], code))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    if (files.empty()) {
        std::fprintf(stderr, "fuzz: there is no file in %s\n", argv[2]);
        return 1;
    }
    std::vector<std::string> corpus;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        std::ostringstream bytes;
        bytes << in.rdbuf();
        corpus.push_back(last_input = bytes.str());
        target->run(last_input);
    }
    Mutator mutator(seed, corpus);
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    std::uint64_t runs = 0;
    while (std::chrono::steady_clock::now() < end) {
        last_input = mutator.next(target->most_bytes);
        target->run(last_input);
        ++runs;
    }
    std::printf("%s: %zu files, %llu changed copies, nothing found\n", target->name, corpus.size(), static_cast<unsigned long long>(runs));
    return 0;
}
