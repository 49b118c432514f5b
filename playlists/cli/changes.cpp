#include "playlists/cli/changes.hpp"

#include "content/base/digest.hpp"
#include "content/lib/json/strict.hpp"
#include "playlists/changes/change.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <functional>

namespace capsule::cli {

namespace {

using Json = nlohmann::json;

Result<ChangeChain> chain_since(const std::string& since) {
    if (since.empty())
        return ChangeChain{};
    const auto colon = since.find(':');
    std::int64_t seq = 0;
    const auto digest = colon == std::string::npos ? std::nullopt : Digest::parse(std::string_view(since).substr(colon + 1));
    const char* end = since.data() + (colon == std::string::npos ? 0 : colon);
    const auto [stopped, code] = std::from_chars(since.data(), end, seq);
    if (!digest || code != std::errc{} || stopped != end || seq < 0)
        return Error{Category::invalid, "--since \"" + since + "\": NUMBER:DIGEST is expected, as `capsule changes verify` prints it"};
    return ChangeChain(seq, digest->hex());
}

// Every row above `after`, oldest first.
Result<void> for_each_change(client::ApiClient& api, std::int64_t after, const std::function<Result<void>(const Change&)>& take) {
    for (;;) {
        CAPSULE_TRY(text, api.changes_after(after));
        CAPSULE_TRY(page, json::parse_strict(text, {.bytes = 256u << 20, .floats = false}));
        const auto rows = page.find("changes");
        if (!page.is_object() || rows == page.end() || !rows->is_array())
            return Error{Category::invalid, "the log of changes: the answer is not what the server's API says; do client and server fit?"};
        for (const Json& row : *rows) {
            CAPSULE_TRY(change, change_from_json(row));
            CAPSULE_CHECK(take(change));
            after = change.seq;
        }
        if (rows->empty() || page.value("more", Json(false)) != Json(true))
            return {};
    }
}

} // namespace

Result<void> run_changes_verify(const ChangesOptions& options, Terminal& terminal) {
    CAPSULE_TRY(chain, chain_since(options.since));
    CAPSULE_TRY(api, open_client(options.access, terminal));
    const std::int64_t from = chain.seq();
    Result<void> held;
    // The row that was kept is looked at again: it must still be what it was.
    std::optional<Change> kept;
    CAPSULE_CHECK(for_each_change(api, from > 0 ? from - 1 : 0, [&](const Change& change) -> Result<void> {
        if (change.seq == from) {
            kept = change;
            return {};
        }
        if (held)
            held = chain.add(change);
        return {};
    }));
    if (held && from > 0 && (!kept || kept->digest != chain_since(options.since)->digest() || digest_of(*kept) != kept->digest))
        held = Error{Category::refused, "change " + std::to_string(from) + " is not what was kept: the log was cut off or written anew"};
    const std::int64_t rows = chain.seq() - from;
    if (options.json)
        terminal.out << Json{{"holds", held.ok()},
                             {"rows", rows},
                             {"last", chain.seq()},
                             {"digest", chain.digest()},
                             {"problem", held ? Json() : Json(held.error().message)}}
                            .dump(2)
                     << "\n";
    else if (held)
        terminal.out << rows << " changes hold together; the last is " << chain.seq() << ":" << chain.digest() << "\n";
    return held;
}

Result<void> run_changes_list(const ChangesOptions& options, Terminal& terminal) {
    CAPSULE_TRY(api, open_client(options.access, terminal));
    return for_each_change(api, 0, [&](const Change& change) -> Result<void> {
        if (options.json)
            terminal.out << to_json(change).dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
        else
            terminal.out << change.seq << "  " << to_rfc3339(change.at) << "  " << (change.who.empty() ? "(server)" : change.who) << "  "
                         << change.action << " " << change.subject << (change.id.empty() ? "" : " " + change.id)
                         << (change.note.empty() ? "" : "  (" + change.note + ")") << "\n";
        return {};
    });
}

} // namespace capsule::cli
