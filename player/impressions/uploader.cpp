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
        return {ReportDamage{unreadable->journal, unreadable->from}};
    }
    if (std::holds_alternative<ActionFailed>(input)) {
        m_declared.clear();
        failed(now);
        return {};
    }
    if (const Result<StateReply>& reply = std::get<StateAnswered>(input).reply; reply) {
        succeeded();
        m_deadline = now;
    } else {
        m_told.reset();
        m_told_at.reset();
        failed(now, reply.error().category == Category::refused);
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
    m_on_disk.clear();
    for (const JournalSpan& span : look.spans)
        m_on_disk.try_emplace(span.journal, SeqRun{span.first_seq, 0}).first->second.last = span.last_seq;
    std::optional<UploadAction> rows = rows_to_send(look.spans);
    if (!rows)
        return {};
    const auto present = std::find_if(look.spans.begin(), look.spans.end(), [](const JournalSpan& span) { return span.current; });
    const auto* send = std::get_if<SendRows>(&*rows);
    const bool of_present = send && present != look.spans.end() && present->journal == send->journal;
    if (of_present && now < m_rows_due) {
        m_deadline = std::min(m_deadline, m_rows_due);
        return {};
    }
    if (send)
        m_present_last = of_present;
    if (const auto* lost = std::get_if<DeclareLost>(&*rows)) {
        m_declared[lost->journal] = lost->last + 1;
        m_rows_due = m_deadline = now;
    }
    return {*rows};
}

bool Uploader::is_done(const JournalSpan& span) const {
    const auto known = m_acked.find(span.journal);
    return span.last_seq < span.first_seq || (known != m_acked.end() && known->second >= span.last_seq);
}

// `present_is_done`: the server has all of the present journal, so all that was declared in it.
std::optional<UploadAction> Uploader::rows_of(const JournalSpan& span, bool present_is_done) const {
    if (is_done(span))
        return std::nullopt;
    const auto known = m_acked.find(span.journal);
    if (known == m_acked.end()) {
        // Where the server stands is not known: a short journal is sent whole, of a long one the last row is enough to be told.
        const bool short_one = span.last_seq - span.first_seq < static_cast<std::int64_t>(m_settings.batch_rows);
        return short_one ? SendRows{span.journal, span.first_seq, m_settings.batch_rows} : SendRows{span.journal, span.last_seq, 1};
    }
    if (known->second + 1 >= span.first_seq)
        return SendRows{span.journal, known->second + 1, m_settings.batch_rows};
    const auto declared = m_declared.find(span.journal);
    if (declared == m_declared.end() || declared->second < span.first_seq)
        return DeclareLost{span.journal, known->second + 1, span.first_seq - 1, "unreadable or lost on both sides"};
    return present_is_done ? std::optional<UploadAction>(SendRows{span.journal, span.first_seq, m_settings.batch_rows}) : std::nullopt;
}

std::optional<UploadAction> Uploader::rows_to_send(const std::vector<JournalSpan>& spans) const {
    bool present_is_done = true;
    for (const JournalSpan& span : spans)
        present_is_done = present_is_done && (!span.current || is_done(span));
    std::optional<UploadAction> present, older;
    std::string blocked; // a journal goes on only in sequence
    for (const JournalSpan& span : spans) {
        std::optional<UploadAction>& slot = span.current ? present : older;
        if (slot || is_done(span) || span.journal == blocked)
            continue;
        slot = rows_of(span, present_is_done);
        blocked = span.journal;
    }
    if (!present || !older)
        return present ? present : older;
    return m_present_last ? older : present;
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
        failed(now, answered.reply.error().category == Category::refused);
        return {};
    }
    const client::RowsReply& reply = *answered.reply;
    const std::string& journal = answered.journal;
    m_deadline = now;
    switch (reply.answer) {
    case client::RowsReply::Answer::taken:
        succeeded();
        m_refusals = 0;
        return reply.forks > 0 ? rows_forked(answered) : rows_taken(answered, now);
    case client::RowsReply::Answer::hole:
        if (reply.acked + 1 >= answered.from) { // that is no hole: an answer that makes no sense must not make us run in circles
            failed(now);
            return {};
        }
        succeeded();
        if (const auto declared = m_declared.find(journal);
            declared != m_declared.end() && declared->second == answered.from && m_acked[journal] == reply.acked) {
            // A server that does not know what a declaration is.
            m_declared.erase(declared);
            return {Retire{journal, answered.from, "rows before these are lost"}};
        }
        // No row is acknowledged by that yet: whether the server's are ours shows when the next ones continue them.
        m_acked[journal] = reply.acked;
        return {};
    case client::RowsReply::Answer::refused:
        if (++m_refusals < m_settings.refusals) {
            failed(now);
            return {};
        }
        m_refusals = 0;
        if (compare_from_the_first(answered)) // it may be that they do not continue the server's
            return {};
        const std::string reason = "refused: " + reply.problem.substr(0, 150);
        if (const auto forked = m_forked.find(journal); forked != m_forked.end())
            return {give_up(journal, forked->second, answered.from - 1, reason)};
        return {give_up(journal, std::max(reply.acked + 1, answered.from), 0, reason)};
    }
    return {};
}

std::vector<UploadAction> Uploader::rows_taken(const RowsAnswered& answered, Nanoseconds now) {
    const client::RowsReply& reply = *answered.reply;
    const std::string& journal = answered.journal;
    if (reply.acked < answered.last) { // makes no sense
        failed(now);
        return {};
    }
    m_compared.insert(journal); // by the chain
    m_acked[journal] = answered.last;
    if (m_present_last)
        m_rows_due = now + (answered.last - answered.from + 1 >= static_cast<std::int64_t>(m_settings.batch_rows) ? Nanoseconds{0}
                                                                                                                  : m_settings.rows_every);
    return {Acknowledge{journal, answered.last}};
}

std::vector<UploadAction> Uploader::rows_forked(const RowsAnswered& answered) {
    const std::string& journal = answered.journal;
    if (compare_from_the_first(answered))
        return {};
    const std::int64_t from = m_forked.try_emplace(journal, answered.from).first->second;
    if (answered.last < std::min(answered.reply->acked, m_on_disk[journal].last)) {
        m_acked[journal] = answered.last; // kept apart; the next ones will be, too
        return {};
    }
    return {give_up(journal, from, answered.last, "fork")};
}

bool Uploader::compare_from_the_first(const RowsAnswered& answered) {
    const std::int64_t first = m_on_disk[answered.journal].first;
    if (answered.from <= first || !m_compared.insert(answered.journal).second)
        return false;
    m_acked[answered.journal] = first - 1;
    return true;
}

UploadAction Uploader::give_up(const std::string& journal, std::int64_t seq, std::int64_t kept_apart, std::string reason) {
    m_acked.erase(journal);
    m_compared.erase(journal);
    m_forked.erase(journal);
    return Retire{journal, seq, std::move(reason), kept_apart};
}

void Uploader::failed(Nanoseconds now, bool for_long) {
    const int doublings = for_long ? 20 : std::min(m_failures, 20);
    ++m_failures;
    const Nanoseconds full = std::min<Nanoseconds>(Nanoseconds(m_settings.retry_first) * (std::int64_t{1} << doublings), m_settings.retry_most);
    const auto half = static_cast<std::uint64_t>(full.count() / 2 + 1);
    m_retry_due = now + full - Nanoseconds{static_cast<std::int64_t>(m_random.number() % half)};
    m_deadline = m_retry_due;
}

} // namespace capsule
