#include "content/lib/curl/session.hpp"

#include "content/base/clock.hpp"
#include "content/lib/curl/throttle.hpp"
#include "content/lib/curl/tls.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

namespace capsule::http {

namespace {

constexpr std::size_t most_header_bytes = 64u << 10;

struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

constexpr int longest_wait_ms = 100; // how soon a request to stop is seen

void ensure_curl() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// Collects a body in memory up to a bound.
class MemorySink final : public Sink {
public:
    explicit MemorySink(std::uint64_t most) : m_most(most) {}
    Result<void> begin(const Response&) override { return {}; }
    Result<void> take(std::string_view piece) override {
        if (m_body.size() + piece.size() > m_most)
            return Error{Category::refused, "the answer is larger than " + std::to_string(m_most) + " bytes"};
        m_body += piece;
        return {};
    }
    std::string take_body() { return std::move(m_body); }

private:
    std::uint64_t m_most;
    std::string m_body;
};

// What one transfer's callbacks share.
struct Transfer {
    CURL* easy = nullptr;
    const Settings* settings = nullptr;
    Throttle* throttle = nullptr;
    Response head;
    Sink* sink = nullptr;
    Source* source = nullptr;
    bool begun = false;
    bool paused = false; // by on_body, until the throttle lets more through
    std::size_t header_bytes = 0;
    std::optional<Error> error; // set by a callback that ended the transfer

    bool begin() {
        if (begun)
            return true;
        begun = true;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &head.status);
        return keep(sink->begin(head));
    }
    bool keep(const Result<void>& result) {
        if (!result)
            error = result.error();
        return result.ok();
    }
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    std::string_view line(data, size * count);
    transfer.throttle->came(line.size(), SystemClock().monotonic());
    transfer.header_bytes += line.size();
    if (transfer.header_bytes > most_header_bytes) {
        transfer.error =
            Error{Category::refused, "the answer's headers are larger than " + std::to_string(most_header_bytes) + " bytes"};
        return 0;
    }
    if (line.starts_with("HTTP/")) { // a new answer: what stood before was a 1xx or a proxy's
        transfer.head.headers.clear();
        return size * count;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
        return size * count;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string_view value = line.substr(colon + 1);
    const auto first = value.find_first_not_of(" \t\r\n");
    value =
        first == std::string_view::npos ? std::string_view{} : value.substr(first, value.find_last_not_of(" \t\r\n") - first + 1);
    transfer.head.headers[name] = value;
    return size * count;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    // libcurl reads for as long as there is something: on a quick line that would be megabytes at a time.
    if (transfer.throttle->wait(SystemClock().monotonic()).count() > 0) {
        transfer.paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    transfer.throttle->came(size * count, SystemClock().monotonic());
    if (!transfer.begin() || !transfer.keep(transfer.sink->take({data, size * count})))
        return size * count == 0 ? 1 : 0;
    return size * count;
}

std::size_t on_upload(char* space, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    auto read = transfer.source->read({space, size * count});
    if (read)
        return *read;
    transfer.error = read.error();
    return CURL_READFUNC_ABORT;
}

// A small window, so that the other side cannot send far ahead of what is taken.
int on_socket(void* user, curl_socket_t socket, curlsocktype) {
    const int window = static_cast<int>(std::clamp<std::int64_t>(static_cast<const Settings*>(user)->bytes_per_second / 4, 4096, 262'144));
    (void)setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    return CURL_SOCKOPT_OK;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const auto& transfer = *static_cast<Transfer*>(user);
    return transfer.settings->stop && transfer.settings->stop->load() ? 1 : 0;
}

Error translated(CURLcode code, const Request& request, const char* detail) {
    const std::string what = request.method + " " + request.url + ": " + (detail[0] ? detail : curl_easy_strerror(code));
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return {Category::timeout, what + "; check the network, then try again"};
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return {Category::invalid, what + "; give an address like http://HOST:PORT"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CERTPROBLEM:
        return {Category::refused, what + "; check the server's certificate and the extra authorities"};
    case CURLE_ABORTED_BY_CALLBACK:
        return {Category::refused, request.method + " " + request.url + ": stopped"};
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        return {Category::io, what + "; check the address and that the server runs"};
    default:
        return {Category::io, what};
    }
}

} // namespace

struct Session::Handle {
    explicit Handle(Settings s)
        : settings(std::move(s)), throttle(settings.bytes_per_second), multi(curl_multi_init()), easy(curl_easy_init()) {}

    Settings settings;
    Throttle throttle; // of all transfers together
    std::unique_ptr<CURLM, MultiDeleter> multi; // keeps the connections
    std::unique_ptr<CURL, EasyDeleter> easy;
    std::array<char, CURL_ERROR_SIZE> detail{};

    bool stopping() const { return settings.stop && settings.stop->load(); }

    // As curl_easy_perform, which looks at its callbacks once a second only: too late for a program that has a second to end.
    CURLcode perform(Transfer& transfer) {
        if (curl_multi_add_handle(multi.get(), easy.get()) != CURLM_OK)
            return CURLE_FAILED_INIT;
        CURLMcode state = CURLM_OK;
        CURLcode code = CURLE_OK;
        for (int running = 1; running > 0 && state == CURLM_OK && !stopping();) {
            if (const Nanoseconds wait = throttle.wait(SystemClock().monotonic()); wait.count() > 0) {
                const timespec pause{0, static_cast<long>(std::min<Nanoseconds>(wait, std::chrono::milliseconds(longest_wait_ms)).count())};
                nanosleep(&pause, nullptr);
                continue;
            }
            if (std::exchange(transfer.paused, false))
                if (code = curl_easy_pause(easy.get(), CURLPAUSE_CONT); code != CURLE_OK)
                    break;
            state = curl_multi_perform(multi.get(), &running);
            if (state == CURLM_OK && running > 0 && !transfer.paused)
                state = curl_multi_poll(multi.get(), nullptr, 0, longest_wait_ms, nullptr);
        }
        if (code == CURLE_OK)
            code = stopping() ? CURLE_ABORTED_BY_CALLBACK : CURLE_RECV_ERROR;
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left))
            if (message->msg == CURLMSG_DONE)
                code = message->data.result;
#if LIBCURL_VERSION_NUM >= 0x075700
        if (stopping())
            curl_easy_setopt(easy.get(), CURLOPT_QUICK_EXIT, 1L); // do not wait for a name server that does not answer
#endif
        curl_multi_remove_handle(multi.get(), easy.get());
        return code;
    }

    void apply_settings() {
        CURL* handle = easy.get();
        curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
        curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 50L);
        curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings.stall_timeout.count()));
        curl_easy_setopt(handle, CURLOPT_USERAGENT, settings.user_agent.c_str());
        apply_tls(handle, settings);
        if (!settings.proxy.empty())
            curl_easy_setopt(handle, CURLOPT_PROXY, settings.proxy.c_str());
        if (throttle.limits()) {
            curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, static_cast<long>(std::clamp<std::int64_t>(settings.bytes_per_second / 8, 1024, 16'384)));
            curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, on_socket);
            curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, &settings);
        }
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
        curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
        curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    }

    void apply(const Request& request, Transfer& transfer, HeaderList& list) {
        CURL* handle = easy.get();
        curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
        curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &transfer);
        curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.within.count()));
        if (request.compressed)
            curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
        // Not CURLOPT_RESUME_FROM_LARGE: with that, libcurl gives up on a server that answers 200 with the whole.
        if (request.resume_from > 0)
            curl_easy_setopt(handle, CURLOPT_RANGE, (std::to_string(request.resume_from) + "-").c_str());
        if (request.upload) {
            transfer.source = request.upload;
            curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
            curl_easy_setopt(handle, CURLOPT_READFUNCTION, on_upload);
            curl_easy_setopt(handle, CURLOPT_READDATA, &transfer);
            curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.upload->size()));
        } else if (request.method == "HEAD") {
            curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
        } else if (request.method != "GET") {
            curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
        }
        if (request.method != "HEAD")
            curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
        std::vector<std::string> lines = {"Expect:"}; // no waiting for "100 Continue"
        for (const auto& [name, value] : request.headers)
            lines.push_back(name + ": " + value);
        for (const auto& line : lines)
            if (curl_slist* longer = curl_slist_append(list.get(), line.c_str())) {
                (void)list.release();
                list.reset(longer);
            }
        curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list.get());
    }
};

std::string Response::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string{} : found->second;
}

Session::Session(Settings settings) {
    ensure_curl();
    m_handle = std::make_unique<Handle>(std::move(settings));
}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Result<Response> Session::perform(const Request& request) {
    MemorySink sink(request.most_bytes);
    CAPSULE_TRY(response, perform(request, sink));
    response.body = sink.take_body();
    return std::move(response);
}

Result<Response> Session::perform(const Request& request, Sink& sink) {
    if (!m_handle->easy || !m_handle->multi)
        return Error{Category::io, "no memory for an HTTP connection"};
    CURL* easy = m_handle->easy.get();
    curl_easy_reset(easy); // keeps the connection
    m_handle->detail[0] = '\0';
    m_handle->apply_settings();
    Transfer transfer;
    transfer.easy = easy;
    transfer.settings = &m_handle->settings;
    transfer.throttle = &m_handle->throttle;
    transfer.sink = &sink;
    HeaderList list;
    m_handle->apply(request, transfer, list);
    const CURLcode code = m_handle->perform(transfer);
    if (code == CURLE_OK)
        (void)transfer.begin();
    if (transfer.error)
        return in_context(request.method + " " + request.url, *transfer.error);
    if (code != CURLE_OK)
        return translated(code, request, m_handle->detail.data());
    return std::move(transfer.head);
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
            c == '~') {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return out;
}

} // namespace capsule::http
