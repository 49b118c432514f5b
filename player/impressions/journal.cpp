#include "player/impressions/journal.hpp"

#include "content/base/log.hpp"

#include <algorithm>

namespace capsule {

namespace {

// A row that the server would refuse would stop the upload for good: it is written as the loss of one showing instead.
std::string serialise_safely(Row row) {
    std::string bytes = serialise(row);
    if (const Result<Row> again = parse_row(bytes); !again) {
        log_error("journal", "a row cannot be written and becomes a gap: " + again.error().message);
        row.body = GapRow{std::holds_alternative<ShowingRow>(row.body) ? 1 : 0, 0, 0, "invalid"};
        bytes = serialise(row);
    }
    return bytes;
}

} // namespace

Journal::Journal(Disk& disk, Random& random, JournalSettings settings)
    : m_disk(&disk), m_random(&random), m_settings(std::move(settings)) {}

Result<Journal> Journal::open(Disk& disk, Random& random, JournalSettings settings) {
    Journal journal(disk, random, std::move(settings));
    if (Result<void> recovered = journal.recover(); !recovered)
        return in_context("journal", recovered.error());
    return journal;
}

StateRow Journal::note(const std::string& text) const {
    StateRow row{0, 0, "journal", text};
    if (m_settings.clock) {
        row.boot_ms = std::chrono::duration_cast<Milliseconds>(m_settings.clock->boottime()).count();
        row.wall_ms = to_ms(m_settings.clock->wall());
    }
    return row;
}

Result<void> Journal::begin_journal(const std::vector<RowBody>& first_rows) {
    m_current.reset();
    m_journal = m_random->hex(16);
    ++m_generation;
    m_last_seq = 0;
    m_last_digest = {};
    CAPSULE_CHECK(begin_segment());
    return first_rows.empty() ? Result<void>{} : write(first_rows);
}

Result<void> Journal::begin_segment() {
    const bool continues = !m_files.empty() && m_files.back().heading.journal == m_journal;
    const SegmentHeading heading{m_journal,    continues ? m_files.back().heading.number + 1 : 1, m_generation, m_settings.device,
                                 m_last_seq + 1, m_last_digest, false};
    const Path path = m_settings.folder / SegmentName{m_journal, heading.number}.text();
    CAPSULE_TRY(segment, Segment::create(*m_disk, path, heading));
    m_current = std::make_unique<SegmentWriter>(*m_disk, std::move(segment));
    m_files.push_back({path, heading, {}});
    return {};
}

Result<void> Journal::write(const std::vector<RowBody>& bodies) {
    if (!m_current) // the disk refused when this journal was begun
        CAPSULE_CHECK(begin_segment());
    std::vector<StoredRow> rows;
    Digest digest = m_last_digest;
    std::int64_t seq = m_last_seq;
    for (const RowBody& body : bodies) {
        const RowHeader header{m_settings.device, m_journal, ++seq, digest, m_settings.boot};
        rows.push_back({seq, serialise_safely({header, body})});
        digest = row_digest(rows.back().bytes);
    }
    CAPSULE_CHECK(m_current->append(rows));
    m_last_digest = digest;
    m_last_seq = seq;
    m_files.back().runs = {{m_files.back().heading.first_seq, seq}};
    return {};
}

Result<std::int64_t> Journal::append(const std::vector<RowBody>& bodies) {
    if (m_current && m_last_seq - m_files.back().heading.first_seq + 1 >= m_settings.rows_per_segment)
        CAPSULE_CHECK(begin_segment());
    Result<void> written = write(bodies);
    if (!written && written.error().category == Category::invalid) { // the file has rotted under our hands
        log_error("journal", written.error().message);
        CAPSULE_CHECK(damaged(m_journal, m_last_seq));
        written = write(bodies);
    }
    CAPSULE_CHECK(std::move(written));
    return m_last_seq;
}

std::vector<JournalSpan> Journal::spans() const {
    std::vector<JournalSpan> out;
    for (const File& file : m_files) {
        const std::string& journal = file.heading.journal;
        // What a file that waits for salvage holds comes before this one: nobody may take it for lost.
        const bool hidden = std::any_of(m_corrupt.begin(), m_corrupt.end(), [&](const Path& corrupt) {
            const auto name = SegmentName::parse(corrupt.stem().string());
            return name && name->journal == journal && name->number < file.heading.number;
        });
        if (hidden)
            continue;
        const bool current = journal == m_journal;
        if (file.runs.empty() && (out.empty() || out.back().journal != journal))
            out.push_back({journal, file.heading.first_seq, file.last(), current});
        for (const SeqRun& run : file.runs) {
            if (!out.empty() && out.back().journal == journal && out.back().last_seq + 1 == run.first)
                out.back().last_seq = run.last;
            else
                out.push_back({journal, run.first, run.last, current});
        }
    }
    return out;
}

Result<Segment*> Journal::reader(const File& file) {
    if (m_current && m_current->segment().path() == file.path)
        return &m_current->segment();
    if (!m_reader || m_reader->path() != file.path) {
        m_reader.reset();
        CAPSULE_TRY(segment, Segment::open(file.path));
        m_reader = std::move(segment);
    }
    return &*m_reader;
}

Result<std::vector<StoredRow>> Journal::read_from(const std::string& journal, std::int64_t seq, std::size_t rows, std::size_t bytes) {
    std::int64_t last = -1;
    for (const File& file : m_files) {
        if (file.heading.journal != journal)
            continue;
        last = file.last();
        for (const SeqRun& run : file.runs) {
            if (seq < run.first || seq > run.last)
                continue;
            Result<Segment*> segment = reader(file);
            const std::size_t most = std::min(rows, static_cast<std::size_t>(run.last - seq + 1));
            Result<std::vector<StoredRow>> read = segment ? (*segment)->read(seq, most, bytes) : segment.error();
            if (read && read->empty())
                return Error{Category::invalid, "journal segment " + file.path.string() + " has lost its rows from " + std::to_string(seq)};
            if (!read && is_damage(read.error()))
                return Error{Category::invalid, read.error().message};
            return read;
        }
    }
    if (last < 0 || seq <= last)
        return Error{Category::missing, "journal " + journal + " has no row " + std::to_string(seq)};
    return std::vector<StoredRow>{};
}

Result<void> Journal::acknowledged(const std::string& journal, std::int64_t seq) {
    std::int64_t& acked = m_acknowledged[journal];
    acked = std::max(acked, seq);
    for (std::size_t i = 0; i + std::max<std::size_t>(m_settings.segments_kept, 1) < m_files.size();) {
        const File file = m_files[i];
        const auto known = m_acknowledged.find(file.heading.journal);
        if (known == m_acknowledged.end() || known->second < file.last()) {
            ++i;
            continue;
        }
        forget_reader();
        CAPSULE_CHECK(m_disk->remove(file.path));
        for (const char* suffix : {"-wal", "-journal"})
            CAPSULE_CHECK(m_disk->remove(Path(file.path.string() + suffix)));
        m_files.erase(m_files.begin() + static_cast<std::ptrdiff_t>(i));
        if (file.heading.salvaged)
            for (const char* suffix : {"", "-wal"})
                CAPSULE_CHECK(m_disk->remove(m_settings.set_aside / (file.path.filename().string() + suffix)));
    }
    return {};
}

Result<void> Journal::retire(const std::string& journal, std::int64_t seq, const std::string& reason, std::int64_t kept_apart) {
    std::vector<RowBody> story;
    GapRow gap{0, 0, 0, reason};
    std::vector<Path> paths;
    for (const File& file : m_files) {
        if (file.heading.journal != journal || file.last() < seq)
            continue;
        paths.push_back(file.path);
        story.emplace_back(note(set_aside_mark + file.path.filename().string()));
        for (const SeqRun& run : file.runs)
            gap.count += std::max<std::int64_t>(0, run.last - std::max({seq, kept_apart + 1, run.first}) + 1);
    }
    if (gap.count > 0)
        story.emplace_back(gap);
    if (paths.empty() && journal != m_journal)
        return {};
    // It is on record before the files go out of sight, so never not at all; what is cut short in between is finished at the next start
    // (finish_retirements) and not told again.
    CAPSULE_CHECK(journal == m_journal ? begin_journal(story) : write(story));
    std::erase_if(m_files, [&](const File& file) { return std::find(paths.begin(), paths.end(), file.path) != paths.end(); });
    for (const Path& path : paths)
        CAPSULE_CHECK(put_aside(path));
    return {};
}

Result<void> Journal::declare_lost(const std::string& journal, std::int64_t first, std::int64_t last, const std::string& reason) {
    const GapRow gap{last - first + 1, 0, 0, reason, LostRows{journal, first, last}};
    log_error("journal", "rows " + std::to_string(first) + " to " + std::to_string(last) + " of journal " + journal + " are lost: " + reason);
    return journal == m_journal ? begin_journal({gap}) : write({gap});
}

} // namespace capsule
