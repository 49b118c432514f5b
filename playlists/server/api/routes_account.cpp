// What everybody may do with the account of his own.
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/body.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/api/signing_in.hpp"
#include "playlists/server/people/one_time_code.hpp"

#include "content/qr/qr.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

// A stolen session alone, and a script's token, must not change who can sign in: the password is asked for again.
std::optional<Response> without_password(const Services& services, const Call& call, const Json& body, const char* key = "password") {
    if (call.person->by.starts_with("token "))
        return problem(403, "a script's token cannot change the account: sign in with the password");
    const auto right = services.people.check_password(call.database, *call.person, text_in(body, key));
    if (right)
        return std::nullopt;
    return right.error().category == Category::refused ? problem(403, right.error().message) : not_now(right.error());
}

Result<void> note(const Services& services, const Call& call, const char* action, const char* subject, std::string id,
                  std::optional<std::string> before, std::optional<std::string> after) {
    Change change;
    change.who = call.person->login;
    change.by = call.person->by;
    change.action = action;
    change.subject = subject;
    change.id = std::move(id);
    change.before = std::move(before);
    change.after = std::move(after);
    return services.changes.append(call.database, std::move(change));
}

Response change_password(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    if (call.person->by.starts_with("token "))
        return problem(403, "a script's token cannot change the account: sign in with the password");
    const auto session =
        services.people.change_password(call.database, *call.person, text_in(*body, "current"), text_in(*body, "password"));
    if (!session)
        return session.error().category == Category::refused ? problem(403, session.error().message) : not_now(session.error());
    Response response;
    response.status = 204;
    if (call.person->by == "session")
        set_cookies(services, call.request, *session, response);
    return response;
}

// Rows of "0" and "1", without the quiet zone: the page draws them.
Json qr_rows(const std::string& text) {
    const auto code = QrCode::encode(text);
    if (!code)
        return nullptr;
    Json rows = Json::array();
    for (int y = 0; y < code->modules(); ++y) {
        std::string row;
        for (int x = 0; x < code->modules(); ++x)
            row += code->dark(x, y) ? '1' : '0';
        rows.push_back(std::move(row));
    }
    return rows;
}

Response begin_second_factor(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    if (auto refusal = without_password(services, call, *body))
        return std::move(*refusal);
    const auto secret = services.second_factor.begin(call.database, call.person->login);
    if (!secret)
        return error_response(secret.error());
    const std::string uri = one_time_uri(*secret, call.person->login);
    return json_response(Json{{"secret", to_base32(*secret)}, {"uri", uri}, {"qr", qr_rows(uri)}}.dump());
}

Response confirm_second_factor(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    auto transaction = sqlite::Transaction::begin(call.database);
    if (!transaction)
        return error_response(transaction.error());
    const auto before = services.accounts.image(call.database, call.person->login);
    const auto codes = services.second_factor.confirm(call.database, call.person->login, text_in(*body, "code"));
    if (!codes)
        return error_response(codes.error());
    const auto after = services.accounts.image(call.database, call.person->login);
    if (!before || !after)
        return error_response(!before ? before.error() : after.error());
    if (auto noted = note(services, call, "second-factor", "person", call.person->login, *before, *after); !noted)
        return error_response(noted.error());
    if (auto committed = transaction->commit(); !committed)
        return error_response(committed.error());
    return json_response(Json{{"recovery_codes", *codes}}.dump());
}

Response remove_second_factor(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    if (auto refusal = without_password(services, call, *body))
        return std::move(*refusal);
    auto transaction = sqlite::Transaction::begin(call.database);
    if (!transaction)
        return error_response(transaction.error());
    const auto before = services.accounts.image(call.database, call.person->login);
    if (auto removed = services.second_factor.remove(call.database, call.person->login); !removed)
        return error_response(removed.error());
    const auto after = services.accounts.image(call.database, call.person->login);
    if (!before || !after)
        return error_response(!before ? before.error() : after.error());
    if (auto noted = note(services, call, "second-factor", "person", call.person->login, *before, *after); !noted)
        return error_response(noted.error());
    if (auto committed = transaction->commit(); !committed)
        return error_response(committed.error());
    Response response;
    response.status = 204;
    return response;
}

Response make_token(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    const auto role = parse_role(text_in(*body, "role"));
    if (!role)
        return problem(422, "role: administrator, coordinator, contributor or evaluator is expected");
    const auto days = body->find("days");
    if (days == body->end() || !days->is_number_integer())
        return problem(422, "days: a number from 1 to 366 is expected");
    if (auto refusal = without_password(services, call, *body))
        return std::move(*refusal);
    auto transaction = sqlite::Transaction::begin(call.database);
    if (!transaction)
        return error_response(transaction.error());
    const auto made = services.tokens.make(call.database, *call.person, text_in(*body, "name"), *role,
                                           static_cast<int>(std::clamp<std::int64_t>(days->get<std::int64_t>(), 0, 10'000)));
    if (!made)
        return error_response(made.error());
    const auto image = services.tokens.image(call.database, call.person->login, made->id);
    if (!image)
        return error_response(image.error());
    if (auto noted = note(services, call, "create", "token", made->id, std::nullopt, *image); !noted)
        return error_response(noted.error());
    if (auto committed = transaction->commit(); !committed)
        return error_response(committed.error());
    Json answer = Json::parse(*image);
    answer["token"] = made->secret;
    return json_response(answer.dump(), 201);
}

Response remove_token(const Services& services, Call& call) {
    const std::string& id = call.parameters.at("id");
    auto transaction = sqlite::Transaction::begin(call.database);
    if (!transaction)
        return error_response(transaction.error());
    const auto image = services.tokens.image(call.database, call.person->login, id);
    if (image) {
        if (auto removed = services.tokens.remove(call.database, call.person->login, id); !removed)
            return error_response(removed.error());
        if (auto noted = note(services, call, "delete", "token", id, *image, std::nullopt); !noted)
            return error_response(noted.error());
    }
    if (auto committed = transaction->commit(); !committed)
        return error_response(committed.error());
    Response response;
    response.status = 204;
    return response;
}

} // namespace

void add_account_routes(RouteTable& table, const Services& services) {
    const auto add = [&](const char* method, const char* pattern, Response (*handler)(const Services&, Call&)) {
        table.add({method, pattern, Admission::Body::memory, most_small_body,
                   [&services, handler](Call& call) { return handler(services, call); }});
    };
    add("POST", "/api/v1/account/password", change_password);
    add("POST", "/api/v1/account/second-factor", begin_second_factor);
    add("PUT", "/api/v1/account/second-factor", confirm_second_factor);
    add("POST", "/api/v1/account/second-factor/remove", remove_second_factor);
    table.add({"GET", "/api/v1/account", Admission::Body::none, 0, [&services](Call& call) {
                   auto person = services.accounts.person(call.database, call.person->login);
                   return person ? json_response(std::move(*person)) : error_response(person.error());
               }});
    table.add({"GET", "/api/v1/account/tokens", Admission::Body::none, 0, [&services](Call& call) {
                   auto list = services.tokens.list(call.database, call.person->login);
                   return list ? json_response(std::move(*list)) : error_response(list.error());
               }});
    add("POST", "/api/v1/account/tokens", make_token);
    table.add({"DELETE", "/api/v1/account/tokens/{id}", Admission::Body::none, 0,
               [&services](Call& call) { return remove_token(services, call); }});
}

} // namespace capsule::server
