// The client's side of tus 1.0, and a connection that can be cut. Thread-bound.
#pragma once

#include "content/base/encoding.hpp"
#include "tests/fakes/running_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace capsule {

inline HttpReply tus(HttpClient& client, const std::string& method, const std::string& path, const std::string* body,
                     std::vector<std::string> headers = {}) {
    headers.emplace_back("Tus-Resumable: 1.0.0");
    if (method == "PATCH")
        headers.emplace_back("Content-Type: application/offset+octet-stream");
    return client.send(method, path, body, std::move(headers));
}

// The path of a new upload; empty when it is refused.
inline std::string begin_upload(HttpClient& client, std::uint64_t length, const std::string& name = "film.mp4") {
    const HttpReply reply = tus(client, "POST", "/api/v1/uploads", nullptr,
                                {"Upload-Length: " + std::to_string(length), "Upload-Metadata: filetype dmlkZW8=,filename " + to_base64(name)});
    return reply.status == 201 ? reply.headers.at("location") : std::string{};
}

inline HttpReply send_piece(HttpClient& client, const std::string& upload, std::uint64_t offset, const std::string& bytes,
                            std::vector<std::string> headers = {}) {
    headers.push_back("Upload-Offset: " + std::to_string(offset));
    return tus(client, "PATCH", upload, &bytes, std::move(headers));
}

inline std::string offset_of(HttpClient& client, const std::string& upload) {
    const HttpReply reply = tus(client, "HEAD", upload, nullptr);
    return reply.status == 200 ? reply.headers.at("upload-offset") : "status " + std::to_string(reply.status);
}

inline std::string read_whole(const Path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

// A PATCH whose connection stays open after part of its body; cut when this goes.
class HalfPatch {
public:
    HalfPatch(const std::string& address, const std::string& path, const std::string& token, std::uint64_t offset, std::uint64_t length,
              const std::string& part, const std::string& more_headers = "") {
        m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
        if (::connect(m_socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
            throw std::runtime_error("cannot connect");
        send("PATCH " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\nTus-Resumable: 1.0.0\r\n" +
             "Content-Type: application/offset+octet-stream\r\nUpload-Offset: " + std::to_string(offset) + "\r\n" + more_headers +
             "Content-Length: " + std::to_string(length) + "\r\n\r\n" + part);
    }
    ~HalfPatch() { ::close(m_socket); }
    HalfPatch(const HalfPatch&) = delete;
    HalfPatch& operator=(const HalfPatch&) = delete;
    void send(const std::string& bytes) {
        for (std::size_t done = 0; done < bytes.size();) {
            const ssize_t sent = ::send(m_socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
            if (sent <= 0)
                return;
            done += static_cast<std::size_t>(sent);
        }
    }

private:
    int m_socket = -1;
};

} // namespace capsule
