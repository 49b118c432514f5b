#include "player/impressions/salvage.hpp"

#include "playlists/ledger/batch.hpp"
#include "playlists/ledger/limits.hpp"

#include <algorithm>
#include <map>

namespace capsule {

namespace {

using Candidates = std::map<std::int64_t, std::vector<ReceivedRow>>; // by number, distinct, in the order in which they were found

// Keys are sorted and every row has this one.
constexpr std::string_view row_start = "{\"boot";

// Up to the brace that closes the object at the start; empty when there is none near enough.
std::string_view object_at(std::string_view bytes) {
    bool quoted = false;
    const std::size_t most = std::min(bytes.size(), ledger_limits::row_bytes);
    for (std::size_t i = 1; i < most; ++i) {
        const char c = bytes[i];
        if (quoted && c == '\\')
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == '}')
            return bytes.substr(0, i + 1);
        else if (static_cast<unsigned char>(c) < 0x20)
            return {};
    }
    return {};
}

void search(std::string_view bytes, const std::string& device, const std::string& journal, Candidates& found) {
    for (std::size_t at = bytes.find(row_start); at != std::string_view::npos; at = bytes.find(row_start, at + 1)) {
        const std::string_view object = object_at(bytes.substr(at));
        if (object.empty())
            continue;
        Result<ReceivedRow> row = receive_row(object);
        if (!row || row->row.header.device != device || row->row.header.journal != journal)
            continue;
        auto& same = found[row->row.header.seq];
        if (std::none_of(same.begin(), same.end(), [&](const ReceivedRow& other) { return other.digest == row->digest; }))
            same.push_back(*std::move(row));
    }
}

// Of several rows under one number, those that continue one that was kept before stand, if there are any.
void choose(Candidates& found) {
    const std::vector<ReceivedRow>* before = nullptr;
    std::int64_t seq = 0;
    for (auto& [number, rows] : found) {
        if (before && number == seq + 1 && rows.size() > 1) {
            const auto continues = [&](const ReceivedRow& row) { return row.row.header.prev == before->front().digest; };
            const auto right = std::find_if(rows.begin(), rows.end(), continues);
            if (right != rows.end())
                std::iter_swap(rows.begin(), right);
        }
        rows.resize(1, rows.front());
        before = &rows;
        seq = number;
    }
}

bool follows(const ReceivedRow& row, const ReceivedRow& before) {
    return row.row.header.seq == before.row.header.seq + 1 && row.row.header.prev == before.digest;
}

} // namespace

std::vector<StoredRow> salvage_rows(std::string_view database, std::string_view log, const std::string& device, const std::string& journal) {
    Candidates found;
    search(database, device, journal, found);
    search(log, device, journal, found);
    choose(found);
    std::vector<ReceivedRow> rows;
    for (auto& [seq, candidates] : found)
        rows.push_back(std::move(candidates.front()));

    // Two neighbours that do not fit: the one that its own successor vouches for stands.
    std::vector<bool> out(rows.size(), false);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].row.header.seq != rows[i - 1].row.header.seq + 1 || follows(rows[i], rows[i - 1]))
            continue;
        const bool vouched = i + 1 < rows.size() && follows(rows[i + 1], rows[i]);
        out[vouched ? i - 1 : i] = true;
    }
    std::vector<StoredRow> kept;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (!out[i])
            kept.push_back({rows[i].row.header.seq, std::move(rows[i].bytes)});
    return kept;
}

} // namespace capsule
