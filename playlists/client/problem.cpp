#include "playlists/client/problem.hpp"

#include "content/lib/json/member.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::client {

namespace {

std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    if (text.size() > 600)
        text.resize(600);
    return text;
}

Category category_of(long status) {
    switch (status) {
    case 401:
    case 403:
        return Category::refused;
    case 404:
    case 410:
        return Category::missing;
    case 400:
    case 409:
    case 413:
    case 422:
        return Category::invalid;
    case 408:
    case 429:
        return Category::io;
    case 507:
        return Category::no_space;
    default:
        return status >= 500 ? Category::io : Category::refused;
    }
}

std::string remedy(long status, Asker asker) {
    if (asker == Asker::machine_without_screen)
        return "";
    if (asker == Asker::device)
        return status == 401 || status == 403 ? "; is this machine still enrolled?" : "";
    if (status == 401)
        return "; sign in with `capsule login`";
    if (status == 403)
        return "; ask an administrator for the right to do this";
    if (status == 429)
        return "; wait a quarter of an hour, then try again";
    if (status >= 300 && status < 400)
        return "; is this the server's address?";
    return "";
}

} // namespace

Error problem(const http::Response& response, const std::string& what, Asker asker) {
    std::string said;
    if (const auto body = json::parse_strict(response.body); body && body->is_object()) {
        said = json::text_in(*body, "detail");
        if (said.empty())
            said = json::text_in(*body, "title");
    }
    const std::string status = std::to_string(response.status);
    if (said.empty())
        said = "the server answers " + status;
    else
        said += " (" + status + ")";
    return {category_of(response.status), what + ": " + one_line(said) + remedy(response.status, asker)};
}

Result<nlohmann::json> json_or_problem(const http::Response& response, const std::string& what, Asker asker) {
    if (response.status < 200 || response.status >= 300)
        return problem(response, what, asker);
    if (response.body.empty())
        return nlohmann::json::object();
    auto body = json::parse_strict(response.body);
    if (!body || !body->is_object())
        return Error{Category::invalid, what + ": the answer is not what the server's API says; is this the server's address?"};
    return body;
}

} // namespace capsule::client
