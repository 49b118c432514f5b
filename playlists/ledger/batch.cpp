#include "playlists/ledger/batch.hpp"

#include "playlists/ledger/limits.hpp"

namespace capsule {

Result<std::vector<std::string_view>> split_batch(std::string_view ndjson) {
    if (ndjson.size() > ledger_limits::batch_bytes)
        return Error{Category::refused, "the batch has more than " + std::to_string(ledger_limits::batch_bytes) + " bytes; send fewer rows"};
    std::vector<std::string_view> lines;
    while (!ndjson.empty()) {
        const std::size_t end = ndjson.find('\n');
        const std::string_view line = ndjson.substr(0, end);
        ndjson.remove_prefix(end == std::string_view::npos ? ndjson.size() : end + 1);
        if (line.empty())
            return Error{Category::invalid, "line " + std::to_string(lines.size() + 1) + " of the batch is empty"};
        if (lines.size() == ledger_limits::batch_rows)
            return Error{Category::refused, "the batch has more than " + std::to_string(ledger_limits::batch_rows) + " rows; send fewer"};
        lines.push_back(line);
    }
    if (lines.empty())
        return Error{Category::invalid, "the batch is empty"};
    return lines;
}

Result<ReceivedRow> receive_row(std::string_view bytes) {
    CAPSULE_TRY(row, parse_row(bytes));
    return ReceivedRow{std::move(row), std::string(bytes), row_digest(bytes)};
}

std::optional<ChainFault> check_chain(const Digest& previous_digest, std::int64_t previous_seq, std::span<const ReceivedRow> rows) {
    const Digest* digest = &previous_digest;
    std::int64_t seq = previous_seq;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const RowHeader& header = rows[i].row.header;
        const RowHeader& first = rows.front().row.header;
        if (header.device != first.device || header.journal != first.journal)
            return ChainFault{i, header.seq, "the row belongs to another device or journal"};
        if (header.seq != seq + 1)
            return ChainFault{i, header.seq, "row " + std::to_string(header.seq) + " does not follow row " + std::to_string(seq)};
        if (header.prev != *digest)
            return ChainFault{i, header.seq, "row " + std::to_string(header.seq) + " does not bear the digest of the row before"};
        digest = &rows[i].digest;
        seq = header.seq;
    }
    return std::nullopt;
}

} // namespace capsule
