// A small HTTP server on the loopback that misbehaves on request: cuts, resets, drips, lies about length, answers with somebody's
// web page, redirects. One connection per request. Thread-safe.
#pragma once

#include "content/base/digest.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace capsule {

class FaultyHttpServer {
public:
    struct Request {
        std::string method, target;
        std::map<std::string, std::string> headers; // names in lower case
        std::string body;
    };
    struct Answer {
        int status = 200;
        std::vector<std::pair<std::string, std::string>> headers;
        std::string body;
        // Misbehaviour.
        std::optional<std::size_t> cut_after;        // body bytes sent before the connection is closed
        bool reset = false;                          // with a reset instead of an orderly end
        std::optional<std::size_t> announced_length; // instead of the true one
        std::size_t drip = 0;                        // bytes per piece, a millisecond apart; 0: all at once
    };
    using Handler = std::function<Answer(const Request&)>;

    FaultyHttpServer() {
        m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        if (m_listener < 0 || bind(m_listener, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
            listen(m_listener, 32) != 0 || getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length) != 0)
            throw std::runtime_error("the test's server cannot listen");
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { run(); });
    }
    ~FaultyHttpServer() {
        m_stop = true;
        m_thread.join();
        close(m_listener);
    }

    std::string address() const { return "http://127.0.0.1:" + std::to_string(m_port); }

    // Static files with ETag, If-None-Match and Range.
    void put(const std::string& path, std::string body, std::string type = "application/octet-stream") {
        const std::lock_guard lock(m_mutex);
        m_files[path] = {std::move(body), std::move(type)};
    }
    void remove(const std::string& path) {
        const std::lock_guard lock(m_mutex);
        m_files.erase(path);
    }
    // Asked before the files; an answer of status 0 lets the file answer.
    void answer_with(Handler handler) {
        const std::lock_guard lock(m_mutex);
        m_handler = std::move(handler);
    }
    // Changes the answers of the files, by faults.
    void spoil(std::function<void(const Request&, Answer&)> spoiler) {
        const std::lock_guard lock(m_mutex);
        m_spoiler = std::move(spoiler);
    }

    std::vector<Request> requests() const {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }
    std::size_t body_bytes_sent() const { return m_sent; }

private:
    struct File {
        std::string body, type;
    };

    void run() {
        while (!m_stop) {
            pollfd waiting{m_listener, POLLIN, 0};
            if (poll(&waiting, 1, 20) <= 0)
                continue;
            const int connection = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0)
                continue;
            timeval patience{2, 0};
            setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            if (const auto request = receive(connection))
                send_answer(connection, *request, answer(*request));
            close(connection);
        }
    }

    static std::optional<Request> receive(int connection) {
        std::string text;
        std::size_t end = std::string::npos;
        std::string buffer(65536, '\0');
        const auto more = [&] {
            const ssize_t got = recv(connection, buffer.data(), buffer.size(), 0);
            if (got > 0)
                text.append(buffer.data(), static_cast<std::size_t>(got));
            return got > 0;
        };
        while ((end = text.find("\r\n\r\n")) == std::string::npos)
            if (!more())
                return std::nullopt;
        Request request;
        std::size_t line = text.find("\r\n");
        const std::string first = text.substr(0, line);
        request.method = first.substr(0, first.find(' '));
        request.target = first.substr(first.find(' ') + 1, first.rfind(' ') - first.find(' ') - 1);
        while (line < end) {
            const std::size_t next = text.find("\r\n", line + 2);
            const std::string header = text.substr(line + 2, next - line - 2);
            std::string name = header.substr(0, header.find(':'));
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            request.headers[name] = header.substr(std::min(header.size(), header.find(':') + 2));
            line = next;
        }
        const std::size_t length = std::strtoul(request.headers["content-length"].c_str(), nullptr, 10);
        while (text.size() < end + 4 + length)
            if (!more())
                return std::nullopt;
        request.body = text.substr(end + 4, length);
        return request;
    }

    Answer answer(const Request& request) {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
        if (m_handler)
            if (Answer answer = m_handler(request); answer.status != 0)
                return answer;
        Answer answer = file_answer(request);
        if (m_spoiler)
            m_spoiler(request, answer);
        return answer;
    }

    Answer file_answer(const Request& request) const {
        const auto file = m_files.find(request.target);
        if (file == m_files.end())
            return {404, {}, "not here", {}, false, {}, 0};
        Answer answer;
        const std::string etag = "\"" + sha256(file->second.body).hex().substr(0, 16) + "\"";
        answer.headers = {{"ETag", etag}, {"Content-Type", file->second.type}};
        if (const auto match = request.headers.find("if-none-match"); match != request.headers.end() && match->second == etag) {
            answer.status = 304;
            return answer;
        }
        answer.body = file->second.body;
        if (const auto range = request.headers.find("range"); range != request.headers.end()) {
            const std::size_t from = std::strtoul(range->second.c_str() + 6, nullptr, 10); // "bytes=N-"
            const std::size_t size = answer.body.size();
            if (from >= size)
                return {416, {}, "", {}, false, {}, 0};
            answer.status = 206;
            answer.headers.emplace_back("Content-Range", "bytes " + std::to_string(from) + "-" + std::to_string(size - 1) + "/" +
                                                             std::to_string(size));
            answer.body.erase(0, from);
        }
        return answer;
    }

    void send_answer(int connection, const Request& request, const Answer& answer) {
        std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " X\r\nConnection: close\r\n";
        for (const auto& [name, value] : answer.headers)
            head += name + ": " + value + "\r\n";
        if (answer.status != 304 && answer.status != 204)
            head += "Content-Length: " + std::to_string(answer.announced_length.value_or(answer.body.size())) + "\r\n";
        head += "\r\n";
        send_all(connection, head);
        if (request.method == "HEAD")
            return;
        std::string_view body = std::string_view(answer.body).substr(0, answer.cut_after.value_or(answer.body.size()));
        while (!body.empty() && !m_stop) {
            const auto piece = answer.drip ? body.substr(0, answer.drip) : body;
            m_sent += piece.size(); // before: whoever has the bytes may look at the count
            if (!send_all(connection, piece)) {
                m_sent -= piece.size();
                return;
            }
            body.remove_prefix(piece.size());
            if (answer.drip)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        if (answer.reset) {
            const linger at_once{1, 0};
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        } else {
            shutdown(connection, SHUT_WR);
        }
    }

    static bool send_all(int connection, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    int m_listener = -1;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex;
    std::map<std::string, File> m_files;
    Handler m_handler;
    std::function<void(const Request&, Answer&)> m_spoiler;
    std::vector<Request> m_requests;
    std::atomic<std::size_t> m_sent{0};
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace capsule
