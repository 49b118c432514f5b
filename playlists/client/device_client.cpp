#include "playlists/client/device_client.hpp"

#include "content/lib/json/member.hpp"
#include "playlists/client/problem.hpp"
#include "playlists/signing/message_signature.hpp"

#include <nlohmann/json.hpp>

namespace capsule::client {

namespace {

std::int64_t number(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

// A count, or a list of which the length counts.
std::int64_t amount(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_array() ? static_cast<std::int64_t>(found->size()) : number(object, key);
}

std::string without_slash(std::string address) {
    while (address.ends_with('/'))
        address.pop_back();
    return address;
}

// The address may have a path of its own (a server behind a proxy): what is signed is the path as sent.
std::string path_of(const std::string& url) {
    const auto host = url.find("://");
    const auto slash = host == std::string::npos ? std::string::npos : url.find('/', host + 3);
    return slash == std::string::npos ? "/" : url.substr(slash);
}

} // namespace

DeviceClient::DeviceClient(std::string address, SecretKey key, RequestCounter& counter, Random& random, http::Settings settings)
    : m_address(without_slash(std::move(address))), m_key(std::move(key)), m_counter(counter), m_random(random),
      m_session(std::move(settings)) {}

Result<http::Response> DeviceClient::post_once(const std::string& path, const std::string& content_type, std::string_view body) {
    CAPSULE_TRY(counter, m_counter.next());
    http::Request request;
    request.method = "POST";
    request.url = m_address + path;
    request.most_bytes = 1u << 20;
    request.body = body;
    const auto headers = sign_request(m_key, request.method, path_of(request.url), body, counter, m_random.hex(16));
    request.headers = {{"Content-Type", content_type},
                       {"Content-Digest", headers.content_digest},
                       {"Capsule-Counter", headers.counter},
                       {"Signature-Input", headers.signature_input},
                       {"Signature", headers.signature}};
    return m_session.perform(request);
}

Result<http::Response> DeviceClient::post(const std::string& path, const std::string& content_type, std::string_view body) {
    CAPSULE_TRY(response, post_once(path, content_type, body));
    if (response.status != 401)
        return std::move(response);
    const auto refusal = nlohmann::json::parse(response.body, nullptr, false);
    const std::int64_t counted = refusal.is_object() ? number(refusal, "counter") : 0;
    if (counted <= 0)
        return std::move(response);
    CAPSULE_CHECK(m_counter.go_on_above(static_cast<std::uint64_t>(counted)));
    return post_once(path, content_type, body);
}

Result<Announced> DeviceClient::announce(const std::string& token) {
    const std::string what = "asking for a screen";
    nlohmann::json request = {{"public_key", m_key.public_key().hex()}};
    if (!token.empty())
        request["token"] = token;
    CAPSULE_TRY(response, post("/api/v1/enrolments", "application/json", request.dump()));
    if (response.status == 404 || response.status == 405 || response.status == 501)
        return Error{Category::missing, what + ": there is no Capsule server at " + m_address};
    CAPSULE_TRY(body, json_or_problem(response, what, Asker::machine_without_screen));
    const auto text = [&](const char* key) { return json::text_in(body, key); };
    const std::string state = text("state");
    Announced answer{Announced::State::waiting, text("code"), text("console"), text("root"), text("screen"), {}, {}};
    if (const auto refused = body.find("token_refused"); refused != body.end() && refused->is_object()) {
        answer.token_refused = json::text_in(*refused, "reason");
        answer.token_detail = json::text_in(*refused, "detail");
    }
    if (state == "enrolled")
        answer.state = Announced::State::enrolled;
    else if (state == "revoked")
        answer.state = Announced::State::revoked;
    else if (state != "waiting" || answer.code.empty())
        return Error{Category::invalid, what + ": the answer is not what the server's API says; is this the server's address?"};
    return answer;
}

Result<RowsReply> DeviceClient::send_rows(const std::string& journal, std::string_view rows) {
    CAPSULE_TRY(response, post("/api/v1/ledger/" + http::percent_encoded(journal), "application/x-ndjson", rows));
    RowsReply reply;
    if (response.status == 409 || response.status == 422) {
        const auto body = nlohmann::json::parse(response.body, nullptr, false);
        // Without a number this is no answer about rows (a counter that was used, another machine): trying again may help.
        if (!body.is_object() || !body.contains("acked"))
            return problem(response, "sending rows", Asker::device);
        reply.answer = response.status == 409 ? RowsReply::Answer::hole : RowsReply::Answer::refused;
        reply.acked = number(body, "acked");
        reply.forks = amount(body, "forks");
        reply.utc_ms = number(body, "utc_ms");
        reply.problem = problem(response, "sending rows", Asker::device).message;
        return reply;
    }
    CAPSULE_TRY(body, json_or_problem(response, "sending rows", Asker::device));
    if (!body.contains("acked"))
        return Error{Category::io, "sending rows: the answer does not say which were taken"};
    reply.acked = number(body, "acked");
    reply.forks = amount(body, "forks");
    reply.utc_ms = number(body, "utc_ms");
    return reply;
}

Result<std::int64_t> DeviceClient::send_state(std::string_view json) {
    CAPSULE_TRY(response, post("/api/v1/state", "application/json", json));
    CAPSULE_TRY(body, json_or_problem(response, "reporting the state", Asker::device));
    return number(body, "utc_ms");
}

} // namespace capsule::client
