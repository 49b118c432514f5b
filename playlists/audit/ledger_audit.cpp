#include "playlists/audit/ledger_audit.hpp"

#include "content/lib/json/member.hpp"
#include "content/lib/json/strict.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "playlists/audit/losses.hpp"
#include "playlists/ledger/batch.hpp"
#include "playlists/ledger/limits.hpp"
#include "playlists/signing/message_signature.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <variant>

namespace capsule::audit {

namespace {

using Json = nlohmann::json;
using json::text_in;

constexpr std::size_t remembered = 2 * ledger_limits::batch_rows;
constexpr auto most_of_a_batch = static_cast<std::int64_t>(ledger_limits::batch_rows);

std::int64_t number_of(const Json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_number_integer() ? at->get<std::int64_t>() : 0;
}

struct KnownRow {
    std::string bytes;
    Digest digest, prev;
};

} // namespace

const char* to_string(Gravity gravity) {
    switch (gravity) {
    case Gravity::wrong:
        return "wrong";
    case Gravity::apart:
        return "apart";
    case Gravity::missing:
        return "missing";
    case Gravity::note:
        break;
    }
    return "note";
}

struct LedgerAudit::Walk {
    AuditResult result;
    bool begun = false, ended = false, from_cut = false, to_cut = false;

    // Of the journal under way.
    struct Journal {
        JournalResult result;
        std::optional<PublicKey> key;
        std::int64_t acked = 0, highest_seen = 0, dropped_until = 0;
        Digest last_told, last; // as the server says; as walked
        std::int64_t last_seq = 0;
        bool started = false; // a row was walked
        std::int64_t counter = -1;
        std::map<std::int64_t, KnownRow> recent;
        std::map<std::int64_t, KnownRow> beside; // holes: what comes late is held against it
        std::int64_t beside_until = 0;
        std::map<std::int64_t, std::vector<KnownRow>> forks;
    };
    std::optional<Journal> journal;

    Losses losses;

    // Of the batch under way.
    Json batch;
    std::int64_t rows_to_come = 0, forks_to_come = 0;

    void find(Gravity gravity, std::int64_t seq, std::string text) {
        if (gravity == Gravity::wrong) {
            result.holds = false;
            if (journal)
                journal->result.holds = false;
        }
        if (gravity == Gravity::missing)
            result.complete = false;
        if (result.findings.size() < most_findings)
            result.findings.push_back(
                {gravity, journal ? journal->result.device : "", journal ? journal->result.journal : "", seq, std::move(text)});
    }

    void head(const Json& line);
    void begin_journal(const Json& line);
    void end_journal();
    void begin_batch(const Json& line);
    void end_batch();
    void row(std::string_view bytes);
    void walk(const ReceivedRow& row);
    void walk_late(const ReceivedRow& row);
    void declare(const RowHeader& header, const GapRow& gap);
    bool can_be_put_together(std::int64_t first) const;
    bool is_signed(std::int64_t first, std::int64_t last) const;
    bool fits(const KnownRow& last_row, std::int64_t first, std::int64_t last, const SignedHeaders& headers) const;
    const KnownRow* with_digest(std::int64_t seq, const Digest& digest) const;
};

LedgerAudit::LedgerAudit() : m_walk(std::make_unique<Walk>()) {}
LedgerAudit::~LedgerAudit() = default;

void LedgerAudit::line(std::string_view text) {
    if (text.empty())
        return;
    if (m_walk->rows_to_come + m_walk->forks_to_come > 0) {
        m_walk->row(text);
        return;
    }
    const auto object = json::parse_strict(text);
    if (object && object->is_object())
        m_walk->head(*object);
    else
        m_walk->find(Gravity::wrong, 0, "une ligne de l’export n’est pas lisible");
}

void LedgerAudit::Walk::head(const Json& line) {
    const std::string kind = text_in(line, "export");
    if (kind == "ledger") {
        begun = true;
        if (number_of(line, "format") != 1)
            find(Gravity::wrong, 0, "le format de l’export n’est pas connu de ce programme");
        from_cut = !text_in(line, "from").empty();
        to_cut = !text_in(line, "to").empty();
    } else if (kind == "journal") {
        begin_journal(line);
    } else if (kind == "batch" && journal) {
        begin_batch(line);
    } else if (kind == "end-of-journal" && journal) {
        end_journal();
    } else if (kind == "refusals") {
        if (const auto list = line.find("refusals"); list != line.end() && list->is_array())
            for (const Json& one : *list)
                result.refused += number_of(one, "times");
    } else if (kind == "end") {
        ended = true;
        if (number_of(line, "journals") != static_cast<std::int64_t>(result.journals.size()))
            find(Gravity::wrong, 0, "il manque des journaux à l’export");
    } else if (kind != "more") {
        find(Gravity::wrong, 0, "une ligne de l’export n’est pas à sa place");
    }
}

void LedgerAudit::Walk::begin_journal(const Json& line) {
    if (journal)
        end_journal();
    journal.emplace();
    Journal& now = *journal;
    now.result.device = text_in(line, "device");
    now.result.journal = text_in(line, "journal");
    now.acked = number_of(line, "acked");
    now.highest_seen = number_of(line, "highest_seen");
    now.last_told = Digest::parse(text_in(line, "last_digest")).value_or(Digest{});
    now.key = PublicKey::parse(text_in(line, "public_key"));
    if (!now.key)
        find(Gravity::wrong, 0, "la clé de l’appareil manque\u00a0: les signatures ne peuvent pas être vérifiées");
    else if (now.key->device_id() != now.result.device) {
        find(Gravity::wrong, 0, "la clé n’est pas celle de l’appareil");
        now.key.reset();
    }
    if (const auto dropped = line.find("dropped"); dropped != line.end() && dropped->is_object()) {
        now.dropped_until = now.last_seq = number_of(*dropped, "last_seq");
        now.last = Digest::parse(text_in(*dropped, "last_digest")).value_or(Digest{});
        now.beside[now.last_seq] = {"", now.last, {}};
        find(Gravity::note, now.dropped_until,
             "lignes 1 à " + std::to_string(now.dropped_until) + " effacées par la règle de conservation (" +
                 text_in(*dropped, "rule") + ")\u00a0; la chaîne est suivie à partir de là");
    }
}

void LedgerAudit::Walk::end_journal() {
    Journal& now = *journal;
    if (!to_cut && (now.started || !from_cut) && (now.last_seq != now.acked || now.last != now.last_told))
        find(Gravity::wrong, now.last_seq,
             "la dernière ligne est la " + std::to_string(now.last_seq) + ", le serveur annonce la " + std::to_string(now.acked) +
                 (now.last_seq == now.acked ? ", avec une autre empreinte" : ""));
    if (now.highest_seen > now.acked)
        losses.announced(result.journals.size(), now.acked + 1, now.highest_seen);
    result.journals.push_back(now.result);
    journal.reset();
}

void LedgerAudit::Walk::begin_batch(const Json& line) {
    batch = line;
    rows_to_come = number_of(line, "rows");
    forks_to_come = number_of(line, "forks");
    ++journal->result.batches;
    constexpr auto most = static_cast<std::int64_t>(ledger_limits::batch_rows);
    if (rows_to_come < 0 || forks_to_come < 0 || rows_to_come > most || forks_to_come > most) {
        find(Gravity::wrong, 0, "un envoi de l’export n’est pas lisible");
        rows_to_come = forks_to_come = 0;
    }
    if (rows_to_come + forks_to_come == 0)
        end_batch();
}

void LedgerAudit::Walk::row(std::string_view bytes) {
    const bool fork = rows_to_come == 0;
    --(fork ? forks_to_come : rows_to_come);
    const auto received = receive_row(bytes);
    const std::int64_t first = number_of(batch, "first_seq"), last = number_of(batch, "last_seq");
    if (!received) {
        find(Gravity::wrong, fork ? 0 : journal->last_seq + 1, "une ligne n’est pas lisible ou a été modifiée");
    } else {
        const RowHeader& header = received->row.header;
        if (header.device != journal->result.device || header.journal != journal->result.journal || header.seq < first ||
            header.seq > last)
            find(Gravity::wrong, header.seq, "la ligne n’appartient pas à cet envoi");
        else if (fork) {
            ++journal->result.forks;
            journal->forks[header.seq].push_back({received->bytes, received->digest, header.prev});
            find(Gravity::apart, header.seq, "une autre ligne porte le même numéro\u00a0: mise à part, dans aucun chiffre");
        } else {
            walk(*received);
        }
    }
    if (rows_to_come + forks_to_come == 0)
        end_batch();
}

void LedgerAudit::Walk::walk(const ReceivedRow& row) {
    Journal& now = *journal;
    const RowHeader& header = row.row.header;
    if (const auto late = batch.find("late"); late != batch.end() && *late == true && (!now.started || header.seq <= now.last_seq))
        return walk_late(row);
    bool anywhere = from_cut && !now.started; // the days that were chosen begin in the middle
    if (!anywhere && header.seq > now.last_seq + 1) {
        losses.hole(result.journals.size(), now.last_seq + 1, header.seq - 1);
        now.beside.insert(now.recent.lower_bound(now.last_seq - most_of_a_batch), now.recent.end());
        now.beside_until = header.seq + most_of_a_batch;
        anywhere = true;
    }
    if (!anywhere && header.seq != now.last_seq + 1)
        find(Gravity::wrong, header.seq, "la ligne ne suit pas la ligne " + std::to_string(now.last_seq));
    else if (!anywhere && header.prev != now.last)
        find(Gravity::wrong, header.seq, "la chaîne est rompue\u00a0: la ligne ne porte pas l’empreinte de la précédente");
    if (!now.started)
        now.result.first_seq = header.seq;
    now.started = true;
    now.last_seq = now.result.last_seq = header.seq;
    now.last = row.digest;
    ++now.result.rows;
    if (const auto* gap = std::get_if<GapRow>(&row.row.body))
        declare(header, *gap);
    now.recent.insert_or_assign(header.seq, KnownRow{row.bytes, row.digest, header.prev});
    if (header.seq <= now.beside_until)
        now.beside.insert_or_assign(header.seq, now.recent[header.seq]);
    while (now.recent.size() > remembered)
        now.recent.erase(now.recent.begin());
}

// A row that had been declared lost: it must fit into the hole that it left.
void LedgerAudit::Walk::walk_late(const ReceivedRow& row) {
    Journal& now = *journal;
    const RowHeader& header = row.row.header;
    const Losses::Late late = losses.late(result.journals.size(), header.seq);
    const auto before = now.beside.find(header.seq - 1), behind = now.beside.find(header.seq + 1);
    if (late == Losses::Late::into_no_hole && from_cut)
        find(Gravity::note, header.seq, "la ligne est arrivée après avoir été déclarée perdue\u00a0; les jours choisis ne permettent pas de suivre la chaîne");
    else if (late != Losses::Late::into_hole)
        find(Gravity::wrong, header.seq, "la ligne ne suit pas la ligne " + std::to_string(now.last_seq));
    else if (header.prev != (before != now.beside.end() ? before->second.digest : Digest{}) ||
             (before == now.beside.end() && header.seq != 1) || (behind != now.beside.end() && behind->second.prev != row.digest))
        find(Gravity::wrong, header.seq, "la chaîne est rompue\u00a0: la ligne, arrivée après coup, ne s’y rattache pas");
    ++now.result.rows;
    now.beside.insert_or_assign(header.seq, KnownRow{row.bytes, row.digest, header.prev});
    if (const auto* gap = std::get_if<GapRow>(&row.row.body))
        declare(header, *gap);
}

void LedgerAudit::Walk::declare(const RowHeader& header, const GapRow& gap) {
    Journal& now = *journal;
    const std::int64_t count = std::min<std::int64_t>(gap.count, Losses::most_told);
    ++now.result.gaps;
    now.result.lost_showings += count;
    find(Gravity::missing, header.seq,
         (count > 0 ? std::to_string(count) + " diffusions perdues" : std::string("un nombre inconnu de diffusions perdues")) +
             ", l’écran le dit (" + gap.reason + ")");
    if (gap.lost)
        losses.declared(result.journals.size(), result.findings.size() - 1, now.result.device, gap);
}

const KnownRow* LedgerAudit::Walk::with_digest(std::int64_t seq, const Digest& digest) const {
    if (const auto kept = journal->recent.find(seq); kept != journal->recent.end() && kept->second.digest == digest)
        return &kept->second;
    if (const auto late = journal->beside.find(seq); late != journal->beside.end() && late->second.digest == digest && !late->second.bytes.empty())
        return &late->second;
    if (const auto apart = journal->forks.find(seq); apart != journal->forks.end())
        for (const KnownRow& one : apart->second)
            if (one.digest == digest)
                return &one;
    return nullptr;
}

// The batch as it must have been sent when it ended with this row.
bool LedgerAudit::Walk::fits(const KnownRow& last_row, std::int64_t first, std::int64_t last,
                             const SignedHeaders& headers) const {
    std::vector<const KnownRow*> rows = {&last_row};
    for (std::int64_t seq = last - 1; seq >= first; --seq) {
        const KnownRow* before = with_digest(seq, rows.back()->prev);
        if (!before)
            return false;
        rows.push_back(before);
    }
    std::string body;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        body += (*row)->bytes + "\n";
    const std::string path = "/api/v1/ledger/" + journal->result.journal;
    if (verify_request(*journal->key, "POST", path, body, headers))
        return true;
    body.pop_back(); // the last line feed may be missing
    return verify_request(*journal->key, "POST", path, body, headers).ok();
}

bool LedgerAudit::Walk::is_signed(std::int64_t first, std::int64_t last) const {
    const SignedHeaders headers{text_in(batch, "content_digest"), text_in(batch, "counter"), text_in(batch, "signature_input"),
                                text_in(batch, "signature")};
    for (const auto* rows : {&journal->recent, &journal->beside})
        if (const auto kept = rows->find(last); kept != rows->end() && fits(kept->second, first, last, headers))
            return true;
    if (const auto apart = journal->forks.find(last); apart != journal->forks.end())
        for (const KnownRow& one : apart->second)
            if (fits(one, first, last, headers))
                return true;
    return false;
}

// Whether all rows of the batch that were there before are still at hand.
bool LedgerAudit::Walk::can_be_put_together(std::int64_t first) const {
    return first > journal->dropped_until && (!from_cut || (journal->started && first >= journal->result.first_seq));
}

void LedgerAudit::Walk::end_batch() {
    if (!journal->key)
        return;
    const std::int64_t first = number_of(batch, "first_seq"), last = number_of(batch, "last_seq");
    const std::string counter = text_in(batch, "counter");
    const std::int64_t number =
        counter.empty() || counter.size() > 15 || counter.find_first_not_of("0123456789") != std::string::npos
            ? -1
            : static_cast<std::int64_t>(std::stoll(counter));
    if (number <= journal->counter)
        find(Gravity::wrong, first, "un envoi porte un compteur déjà vu\u00a0: il a été rejoué");
    journal->counter = std::max(journal->counter, number);
    if (first < 1 || last < first || last - first >= static_cast<std::int64_t>(ledger_limits::batch_rows))
        find(Gravity::wrong, first, "un envoi de l’export n’est pas lisible");
    else if (!can_be_put_together(first))
        find(Gravity::note, first,
             "la signature de l’envoi " + std::to_string(first) + " à " + std::to_string(last) +
                 " ne peut plus être vérifiée\u00a0: il commence avant les lignes présentes");
    else if (is_signed(first, last))
        ++journal->result.signed_batches;
    else if (number_of(batch, "rows") == 0 && !journal->recent.empty() && first < journal->recent.begin()->first)
        find(Gravity::note, first,
             "la signature de l’envoi " + std::to_string(first) + " à " + std::to_string(last) +
                 " n’a pas pu être vérifiée\u00a0: il commence loin avant les dernières lignes et n’apporte rien aux chiffres");
    else
        find(Gravity::wrong, first,
             "la signature de l’envoi " + std::to_string(first) + " à " + std::to_string(last) + " ne correspond pas aux lignes");
}

AuditResult LedgerAudit::finish() {
    Walk& walk = *m_walk;
    if (walk.journal)
        walk.end_journal();
    walk.losses.judge(walk.result);
    if (!walk.begun || !walk.ended)
        walk.find(Gravity::wrong, 0,
                  "l’export est incomplet\u00a0: " + std::string(walk.begun ? "sa fin manque" : "son début manque"));
    return std::move(walk.result);
}

} // namespace capsule::audit
