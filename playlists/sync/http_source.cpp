#include "playlists/sync/http_source.hpp"

#include <charconv>

namespace capsule::sync {

namespace {

std::string without_slash(std::string address) {
    while (address.ends_with('/'))
        address.pop_back();
    return address;
}

// A source that trickles would hold up all that comes after, urgent messages too: a minute, and a second for each kilobyte there can be.
std::chrono::milliseconds time_for(std::uint64_t bytes) {
    return std::chrono::seconds(60) + std::chrono::milliseconds(bytes);
}

http::Settings without_ceiling(http::Settings settings) {
    settings.bytes_per_second = 0;
    return settings;
}

// Object stores that do not list what they have answer 403 where others answer 404, so a file that may well not be there is then not
// there. Nothing is lost by believing it: whoever answers 403 could answer 404 too. What it would hide shows all the same: of the
// next root, see ReleaseTrust; of anything else, since signed metadata name it.
enum class MayBeAbsent { yes, no };

Error status_error(const std::string& url, const http::Response& head, MayBeAbsent absent) {
    const std::string what = url + " answers " + std::to_string(head.status);
    if (head.status == 404 || head.status == 410)
        return {Category::missing, what + ": it is not there"};
    if (head.status == 403 && absent == MayBeAbsent::yes)
        return {Category::missing, what + ": it is not there, or not for this screen"};
    if (head.status >= 300 && head.status < 400)
        return {Category::refused,
                what + " (to " + head.header("location") + "): another machine answers, perhaps a sign-in page"};
    if (head.status == 408 || head.status == 429 || head.status >= 500)
        return {Category::io, what + ": trying again later"};
    return {Category::refused, what};
}

bool is_page(const http::Response& head) {
    return head.header("content-type").starts_with("text/html");
}

Error page_error(const std::string& url) {
    return {Category::refused, url + " answers with a web page: another machine answers, perhaps a sign-in page"};
}

// Collects a file of the release, if that is what comes.
class FileSink final : public http::Sink {
public:
    FileSink(const std::string& url, std::uint64_t most, MayBeAbsent absent) : m_url(url), m_most(most), m_absent(absent) {}

    Result<void> begin(const http::Response& head) override {
        m_head = head;
        return is_file() && is_page(head) ? Result<void>(page_error(m_url)) : Result<void>();
    }
    Result<void> take(std::string_view piece) override {
        // What is said beside a bad status is passed over, to keep the connection, unless it is long.
        const std::uint64_t most = is_file() ? m_most : most_bytes_passed_over;
        if (piece.size() > most - m_taken) {
            m_overlong = is_file();
            return is_file() ? Error{Category::refused, m_url + " sends more than " + std::to_string(most) + " bytes"}
                             : status_error(m_url, m_head, m_absent);
        }
        m_taken += piece.size();
        if (is_file())
            m_body += piece;
        return {};
    }
    bool overlong() const { return m_overlong; }
    std::string take_body() { return std::move(m_body); }

private:
    static constexpr std::uint64_t most_bytes_passed_over = 16u << 10;

    bool is_file() const { return m_head.status == 200; }

    const std::string& m_url;
    const std::uint64_t m_most;
    const MayBeAbsent m_absent;
    http::Response m_head;
    std::uint64_t m_taken = 0;
    bool m_overlong = false;
    std::string m_body;
};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

// Judges the head of a blob's answer before anything is taken from it.
class JudgingSink final : public http::Sink {
public:
    JudgingSink(const std::string& url, const BlobReference& blob, std::uint64_t offset, BlobSink& sink)
        : m_url(url), m_blob(blob), m_offset(offset), m_sink(sink) {}

    Result<void> begin(const http::Response& head) override {
        if (head.status != 200 && head.status != 206)
            return status_error(m_url, head, MayBeAbsent::yes);
        if (is_page(head) && !m_blob.type.starts_with("text/html"))
            return page_error(m_url);
        std::uint64_t start = 0;
        if (head.status == 206) {
            // "bytes 500-999/1000"
            const std::string range = head.header("content-range");
            const auto first = range.starts_with("bytes ") ? number(range.substr(6, range.find('-') - 6)) : std::nullopt;
            if (first != m_offset)
                return Error{Category::refused, m_url + " answers the range \"" + range + "\" where byte " +
                                                    std::to_string(m_offset) + " was asked for"};
            start = m_offset;
        }
        const auto length = number(head.header("content-length"));
        if (length && *length != m_blob.bytes - start)
            return Error{Category::refused, m_url + " announces " + std::to_string(*length) + " bytes where " +
                                                std::to_string(m_blob.bytes - start) +
                                                " are missing: not the file that was asked for"};
        return m_sink.begin(start);
    }
    Result<void> take(std::string_view piece) override { return m_sink.take(piece); }

private:
    const std::string& m_url;
    const BlobReference& m_blob;
    const std::uint64_t m_offset;
    BlobSink& m_sink;
};

} // namespace

HttpSource::HttpSource(std::string address, const http::Settings& settings)
    : m_address(without_slash(std::move(address))), m_files(without_ceiling(settings)), m_blobs(settings) {}

Result<FetchedFile> HttpSource::file(const std::string& name, const std::string& etag, std::uint64_t most) {
    const std::lock_guard lock(m_file_mutex);
    http::Request request;
    request.url = m_address + "/release/" + name;
    request.compressed = true;
    request.within = time_for(most);
    if (!etag.empty())
        request.headers.emplace_back("If-None-Match", etag);
    const MayBeAbsent absent = name == "timestamp.json" ? MayBeAbsent::no : MayBeAbsent::yes; // every release has one
    FileSink sink(request.url, most, absent);
    const auto response = m_files.perform(request, sink);
    if (sink.overlong())
        return FetchedFile{.overlong = true};
    if (!response)
        return response.error();
    if (response->status == 304 && !etag.empty())
        return FetchedFile{.changed = false, .etag = etag};
    if (response->status != 200)
        return status_error(request.url, *response, absent);
    return FetchedFile{.etag = response->header("etag"), .bytes = sink.take_body()};
}

Result<void> HttpSource::blob(const BlobReference& blob, std::uint64_t offset, BlobSink& sink) {
    const std::lock_guard lock(m_blob_mutex);
    http::Request request;
    request.url = m_address + "/blobs/" + blob.sha256.hex();
    request.resume_from = offset;
    JudgingSink judge(request.url, blob, offset, sink);
    CAPSULE_TRY(response, m_blobs.perform(request, judge));
    (void)response;
    return {};
}

} // namespace capsule::sync
