// A small HTTP client for tests, over libcurl: sends exactly what it is told, paths as they are, follows nothing. Thread-bound.
#pragma once

#include <curl/curl.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace capsule {

struct HttpReply {
    long status = 0;                            // 0: no answer, see `error`
    std::map<std::string, std::string> headers; // lower-case names
    std::string body;
    std::string error;
};

class HttpClient {
public:
    // `base`: "http://127.0.0.1:40123"
    explicit HttpClient(std::string base) : m_base(std::move(base)), m_handle(curl_easy_init()) {
        if (!m_handle)
            throw std::runtime_error("cannot start libcurl");
    }
    ~HttpClient() { curl_easy_cleanup(m_handle); }
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Sent with every request from now on.
    void always(std::string header) { m_always.push_back(std::move(header)); }
    void forget() { m_always.clear(); }

    HttpReply get(const std::string& path, std::vector<std::string> headers = {}) {
        return send("GET", path, nullptr, std::move(headers));
    }
    HttpReply head(const std::string& path, std::vector<std::string> headers = {}) {
        return send("HEAD", path, nullptr, std::move(headers));
    }
    HttpReply post(const std::string& path, const std::string& body, std::vector<std::string> headers = {}) {
        return send("POST", path, &body, std::move(headers));
    }
    HttpReply put(const std::string& path, const std::string& body, std::vector<std::string> headers = {}) {
        return send("PUT", path, &body, std::move(headers));
    }
    HttpReply remove(const std::string& path, std::vector<std::string> headers = {}) {
        return send("DELETE", path, nullptr, std::move(headers));
    }
    HttpReply send(const std::string& method, const std::string& path, const std::string* body,
                   std::vector<std::string> headers) {
        HttpReply reply;
        curl_easy_reset(m_handle);
        curl_easy_setopt(m_handle, CURLOPT_URL, (m_base + path).c_str());
        curl_easy_setopt(m_handle, CURLOPT_PATH_AS_IS, 1L);
        curl_easy_setopt(m_handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(m_handle, CURLOPT_TIMEOUT, 30L);
        curl_easy_setopt(m_handle, CURLOPT_CUSTOMREQUEST, method.c_str());
        if (method == "HEAD")
            curl_easy_setopt(m_handle, CURLOPT_NOBODY, 1L);
        if (body) {
            curl_easy_setopt(m_handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
            curl_easy_setopt(m_handle, CURLOPT_POSTFIELDS, body->data());
        }
        curl_slist* list = nullptr;
        headers.insert(headers.end(), m_always.begin(), m_always.end());
        headers.push_back("Expect:");
        for (const std::string& header : headers)
            list = curl_slist_append(list, header.c_str());
        curl_easy_setopt(m_handle, CURLOPT_HTTPHEADER, list);
        curl_easy_setopt(m_handle, CURLOPT_WRITEFUNCTION, &HttpClient::on_body);
        curl_easy_setopt(m_handle, CURLOPT_WRITEDATA, &reply);
        curl_easy_setopt(m_handle, CURLOPT_HEADERFUNCTION, &HttpClient::on_header);
        curl_easy_setopt(m_handle, CURLOPT_HEADERDATA, &reply);
        const CURLcode code = curl_easy_perform(m_handle);
        curl_slist_free_all(list);
        curl_easy_getinfo(m_handle, CURLINFO_RESPONSE_CODE, &reply.status);
        if (code != CURLE_OK)
            reply.error = curl_easy_strerror(code);
        return reply;
    }

private:
    static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* reply) {
        static_cast<HttpReply*>(reply)->body.append(bytes, size * count);
        return size * count;
    }
    static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* reply) {
        std::string line(bytes, size * count);
        const std::size_t colon = line.find(':');
        if (colon != std::string::npos) {
            std::string name = line.substr(0, colon), value = line.substr(colon + 1);
            for (char& c : name)
                c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
            value.erase(0, value.find_first_not_of(' '));
            value.erase(value.find_last_not_of("\r\n ") + 1);
            static_cast<HttpReply*>(reply)->headers[name] = value;
        }
        return size * count;
    }

    std::string m_base;
    CURL* m_handle;
    std::vector<std::string> m_always;
};

} // namespace capsule
