#include "playlists/cli/ledger.hpp"

#include "playlists/audit/ledger_audit.hpp"
#include "playlists/cli/table.hpp"
#include "playlists/schedule/zone.hpp"

#include <nlohmann/json.hpp>

#include <functional>

namespace capsule::cli {

namespace {

using Json = nlohmann::json;
using Take = std::function<Result<void>(std::string_view line)>;

Result<void> check_days(const LedgerOptions& options) {
    const auto from = parse_day(options.from), to = parse_day(options.to);
    if (!options.from.empty() && !from)
        return Error{Category::invalid, "--from needs a date such as 2026-11-22, not \"" + options.from + "\""};
    if (!options.to.empty() && !to)
        return Error{Category::invalid, "--to needs a date such as 2026-11-22, not \"" + options.to + "\""};
    if (from && to && *to < *from)
        return Error{Category::invalid, "--from " + options.from + " is after --to " + options.to};
    return {};
}

Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

// Cuts text into lines; a line may come in pieces.
class Lines {
public:
    explicit Lines(const Take& take) : m_take(take) {}
    Result<void> add(std::string_view text) {
        for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
            m_open += text.substr(0, end);
            CAPSULE_CHECK(m_take(m_open));
            m_open.clear();
            text.remove_prefix(end + 1);
        }
        m_open += text;
        return {};
    }
    Result<void> end() { return m_open.empty() ? Result<void>{} : m_take(m_open); }

private:
    const Take& m_take;
    std::string m_open;
};

// One journal, page by page.
Result<void> read_journal(client::ApiClient& api, const LedgerOptions& options, Json journal, const Take& take) {
    const std::string device = journal.value("device", ""), name = journal.value("journal", "");
    journal["export"] = "journal";
    CAPSULE_CHECK(take(journal.dump()));
    for (std::int64_t after = 0;;) {
        CAPSULE_TRY(page, api.ledger_page(device, name, after, options.from, options.to));
        // The last line says whether there is more; it is no part of the export then.
        const std::size_t start = page.size() < 2 ? 0 : page.rfind('\n', page.size() - 2) + 1;
        const Json last = Json::parse(page.substr(start), nullptr, false);
        const bool more = last.is_object() && last.value("export", "") == "more";
        if (!more && (!last.is_object() || last.value("export", "") != "end-of-journal"))
            return Error{Category::invalid, "the ledger of device " + device + ": the answer is not what the server's API says"};
        Lines lines(take);
        CAPSULE_CHECK(lines.add(std::string_view(page).substr(0, more ? start : page.size())));
        if (!more)
            return {};
        const std::int64_t next = last.value("after", std::int64_t{0});
        if (next <= after)
            return Error{Category::invalid, "the ledger of device " + device + ": the server's pages do not advance"};
        after = next;
    }
}

// The export as the server gives it.
Result<void> read_server(client::ApiClient& api, const LedgerOptions& options, Terminal& terminal, const Take& take) {
    CAPSULE_TRY(text, api.ledger(options.device, options.screen));
    const Json ledger = Json::parse(text, nullptr, false);
    if (!ledger.is_object() || !ledger.contains("journals") || !ledger["journals"].is_array())
        return Error{Category::invalid, "the ledger: the answer is not what the server's API says"};
    CAPSULE_CHECK(take(Json{{"export", "ledger"},
                            {"format", 1},
                            {"made", to_rfc3339(terminal.clock.wall())},
                            {"server", api.address()},
                            {"device", or_null(options.device)},
                            {"screen", or_null(options.screen)},
                            {"from", or_null(options.from)},
                            {"to", or_null(options.to)}}
                           .dump()));
    Progress progress(terminal, "Journaux");
    std::size_t done = 0;
    for (const Json& journal : ledger["journals"]) {
        CAPSULE_CHECK(read_journal(api, options, journal, take));
        progress.show(static_cast<double>(++done) / static_cast<double>(ledger["journals"].size()));
    }
    CAPSULE_CHECK(take(Json{{"export", "refusals"}, {"refusals", ledger.value("refusals", Json::array())}}.dump()));
    return take(Json{{"export", "end"}, {"journals", ledger["journals"].size()}}.dump());
}

Result<void> read_file(const std::string& file, Terminal& terminal, const Take& take) {
    constexpr std::size_t piece = 1u << 20;
    Lines lines(take);
    for (std::uint64_t offset = 0;;) {
        CAPSULE_TRY(bytes, terminal.disk.read_part(file, offset, piece));
        if (bytes.empty())
            return lines.end();
        CAPSULE_CHECK(lines.add(bytes));
        offset += bytes.size();
    }
}

} // namespace

Result<void> run_ledger_export(const LedgerOptions& options, Terminal& terminal) {
    CAPSULE_CHECK(check_days(options));
    CAPSULE_TRY(api, open_client(options.access, terminal));
    const std::string unfinished = options.file + ".part";
    CAPSULE_TRY(file, terminal.disk.create(unfinished, 0600));
    std::string buffer;
    const auto flush = [&]() -> Result<void> {
        CAPSULE_CHECK(file->append(buffer));
        buffer.clear();
        return {};
    };
    const Take take = [&](std::string_view line) -> Result<void> {
        buffer += line;
        buffer += '\n';
        return buffer.size() < (1u << 20) ? Result<void>{} : flush();
    };
    auto done = read_server(api, options, terminal, take);
    if (done)
        done = flush();
    if (done)
        done = file->sync();
    if (done)
        done = terminal.disk.rename(unfinished, options.file);
    if (!done) {
        (void)terminal.disk.remove(unfinished);
        return done.error();
    }
    terminal.out << options.file << "\n";
    return {};
}

Result<void> run_ledger_verify(const LedgerOptions& options, Terminal& terminal) {
    CAPSULE_CHECK(check_days(options));
    audit::LedgerAudit walk;
    const Take take = [&](std::string_view line) -> Result<void> {
        walk.line(line);
        return {};
    };
    if (options.file.empty()) {
        CAPSULE_TRY(api, open_client(options.access, terminal));
        CAPSULE_CHECK(read_server(api, options, terminal, take));
    } else {
        CAPSULE_CHECK(read_file(options.file, terminal, take));
    }
    const audit::AuditResult result = walk.finish();
    terminal.out << (options.json ? audit_json(result) + "\n" : audit_text(result));
    if (!result.holds)
        return Error{Category::refused, "the ledger does not hold: see the lines marked FAUX (\"wrong\" in JSON)"};
    return {};
}

Result<void> run_ledger_corrections(const LedgerOptions& options, Terminal& terminal) {
    CAPSULE_CHECK(check_days(options));
    const LocalDay today = Zone("Europe/Paris").day(terminal.clock.wall());
    const std::string from = options.from.empty() ? to_text(today - std::chrono::days(30)) : options.from;
    const std::string to = options.to.empty() ? to_text(today) : options.to;
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_TRY(text, api.ledger_corrections(from, to));
    if (options.json) {
        terminal.out << text << "\n";
        return {};
    }
    const Json list = Json::parse(text, nullptr, false);
    if (!list.is_object() || !list.contains("corrections") || !list["corrections"].is_array())
        return Error{Category::invalid, "the corrections: the answer is not what the server's API says"};
    if (list["corrections"].empty()) {
        terminal.out << "Aucune correction d’heures closes du " << from << " au " << to << ".\n";
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    const auto with_sign = [](std::int64_t number) { return (number > 0 ? "+" : "") + std::to_string(number); };
    for (const Json& one : list["corrections"])
        rows.push_back({one.value("made", ""), one.value("cause", "") == "late" ? "arrivée tardive" : "heure précisée",
                        one.value("screen", ""), one.value("day", ""),
                        std::to_string(one.value("hour", std::int64_t{0})) + "\u00a0h",
                        with_sign(one.value("showings", std::int64_t{0}))});
    terminal.out << "Corrections d’heures closes du " << from << " au " << to << "\n\n"
                 << table({{"Faite"}, {"Cause"}, {"Écran"}, {"Jour"}, {"Heure", Align::right}, {"Diffusions", Align::right}},
                          rows);
    if (list.value("more", false))
        terminal.out << "\nIl y en a d’autres, plus anciennes\u00a0: choisissez une période plus courte.\n";
    return {};
}

} // namespace capsule::cli
