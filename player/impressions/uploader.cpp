#include "player/impressions/uploader.hpp"

#include <algorithm>

namespace capsule {

std::vector<UploadAction> Uploader::step(const UploadInput& input, Nanoseconds now) {
    if (const auto* seen = std::get_if<UploadLook>(&input))
        return look(*seen, now);
    if (const auto* answered = std::get_if<RowsAnswered>(&input))
        return rows_answered(*answered, now);
    if (const auto* unreadable = std::get_if<RowsUnreadable>(&input)) {
        if (unreadable->error.category != Category::invalid) {
            failed(now);
            return {};
        }
        m_deadline = now;
        m_acked.erase(unreadable->journal);
        return {Retire{unreadable->journal, unreadable->from, "unreadable"}};
    }
    if (std::holds_alternative<ActionFailed>(input)) {
        failed(now);
        return {};
    }
    if (std::get<StateAnswered>(input).reply) {
        succeeded();
        m_deadline = now;
    } else {
        m_told.reset();
        m_told_at.reset();
        failed(now);
    }
    return {};
}

std::vector<UploadAction> Uploader::look(const UploadLook& look, Nanoseconds now) {
    if (now < m_retry_due) {
        m_deadline = m_retry_due;
        return {};
    }
    const bool changed = m_told && worth_telling(*m_told, look.state);
    const Nanoseconds state_due = m_told_at ? *m_told_at + (changed ? m_settings.state_at_most : m_settings.state_every) : now;
    if (state_due <= now) {
        m_told = look.state;
        m_told->backlog = backlog(look.spans);
        m_told_at = now;
        return {SendState{*m_told}};
    }
    m_deadline = state_due;
    std::optional<UploadAction> rows = rows_to_send(look.spans);
    if (!rows)
        return {};
    if (now < m_rows_due && !std::holds_alternative<Retire>(*rows)) {
        m_deadline = std::min(m_deadline, m_rows_due);
        return {};
    }
    if (const auto* retire = std::get_if<Retire>(&*rows)) {
        m_acked.erase(retire->journal);
        m_deadline = now;
    }
    return {*rows};
}

std::optional<UploadAction> Uploader::rows_to_send(const std::vector<JournalSpan>& spans) const {
    for (const JournalSpan& span : spans) {
        if (span.last_seq < span.first_seq)
            continue;
        const auto known = m_acked.find(span.journal);
        if (known == m_acked.end()) {
            // Where the server stands is not known: a short journal is sent whole, of a long one the last row is enough to be told.
            const bool short_one = span.last_seq - span.first_seq < static_cast<std::int64_t>(m_settings.batch_rows);
            return short_one ? SendRows{span.journal, span.first_seq, m_settings.batch_rows} : SendRows{span.journal, span.last_seq, 1};
        }
        if (known->second >= span.last_seq)
            continue;
        if (known->second + 1 < span.first_seq) // the server has lost rows that it had acknowledged
            return Retire{span.journal, span.first_seq, "server-lost-rows"};
        return SendRows{span.journal, known->second + 1, m_settings.batch_rows};
    }
    return std::nullopt;
}

std::int64_t Uploader::backlog(const std::vector<JournalSpan>& spans) const {
    std::int64_t rows = 0;
    for (const JournalSpan& span : spans) {
        const auto known = m_acked.find(span.journal);
        const std::int64_t acked = known == m_acked.end() ? span.first_seq - 1 : std::max(known->second, span.first_seq - 1);
        rows += std::max<std::int64_t>(0, span.last_seq - acked);
    }
    return rows;
}

std::vector<UploadAction> Uploader::rows_answered(const RowsAnswered& answered, Nanoseconds now) {
    if (!answered.reply) {
        failed(now);
        return {};
    }
    const LedgerReply& reply = *answered.reply;
    const std::string& journal = answered.journal;
    m_deadline = now;
    switch (reply.answer) {
    case LedgerReply::Answer::taken:
        succeeded();
        m_refusals = 0;
        if (reply.forks > 0 || reply.acked < answered.last) {
            // The server has other rows under these numbers: this journal has been continued twice.
            m_acked.erase(journal);
            return {Retire{journal, reply.acked + 1, "fork"}};
        }
        m_acked[journal] = reply.acked;
        m_rows_due = now + (answered.last < reply.acked || answered.last - answered.from + 1 >=
                                                               static_cast<std::int64_t>(m_settings.batch_rows)
                                ? Nanoseconds{0}
                                : m_settings.rows_every);
        return {Acknowledge{journal, reply.acked}};
    case LedgerReply::Answer::hole:
        if (reply.acked + 1 >= answered.from) { // that is no hole: an answer that makes no sense must not make us run in circles
            failed(now);
            return {};
        }
        succeeded();
        m_acked[journal] = reply.acked;
        if (reply.acked > 0)
            return {Acknowledge{journal, reply.acked}};
        return {};
    case LedgerReply::Answer::refused:
        if (++m_refusals < m_settings.refusals) {
            failed(now);
            return {};
        }
        m_refusals = 0;
        m_acked.erase(journal);
        return {Retire{journal, std::max(reply.acked + 1, answered.from), "refused: " + reply.problem.substr(0, 150)}};
    }
    return {};
}

void Uploader::failed(Nanoseconds now) {
    const int doublings = std::min(m_failures++, 20);
    const Nanoseconds full = std::min<Nanoseconds>(Nanoseconds(m_settings.retry_first) * (std::int64_t{1} << doublings), m_settings.retry_most);
    const auto half = static_cast<std::uint64_t>(full.count() / 2 + 1);
    m_retry_due = now + full - Nanoseconds{static_cast<std::int64_t>(m_random.number() % half)};
    m_deadline = m_retry_due;
}

} // namespace capsule
