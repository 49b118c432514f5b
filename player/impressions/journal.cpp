#include "player/impressions/journal.hpp"

#include "content/base/log.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace capsule {

namespace {

struct FileName {
    std::string journal;
    std::int64_t number = 0;
};

// "<32 hexadecimal digits>-<n>.db"
std::optional<FileName> parse_name(const std::string& name) {
    if (name.size() < 37 || name[32] != '-' || !name.ends_with(".db"))
        return std::nullopt;
    FileName out{name.substr(0, 32), 0};
    if (out.journal.find_first_not_of("0123456789abcdef") != std::string::npos)
        return std::nullopt;
    const char* const end = name.data() + name.size() - 3;
    const auto [stop, code] = std::from_chars(name.data() + 33, end, out.number);
    if (code != std::errc{} || stop != end || out.number < 1)
        return std::nullopt;
    return out;
}

// Whether an error of SQLite on one file means that the file, not the disk or another process, is at fault.
bool is_damage(const Error& error) {
    return error.category == Category::invalid || error.category == Category::io || error.category == Category::bug ||
           error.category == Category::missing;
}

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

Result<void> Journal::recover() {
    CAPSULE_CHECK(m_disk->make_directories(m_settings.folder));
    CAPSULE_TRY(names, m_disk->list(m_settings.folder));
    std::vector<Path> damaged;
    bool alien = false;
    for (const std::string& name : names) {
        const std::optional<FileName> parsed = parse_name(name);
        if (!parsed)
            continue;
        const Path path = m_settings.folder / name;
        Result<Segment> segment = Segment::open(path);
        const bool fits = segment && segment->heading().journal == parsed->journal && segment->heading().number == parsed->number;
        if (!segment && !is_damage(segment.error()))
            return segment.error();
        if (!fits) {
            damaged.push_back(path);
            continue;
        }
        m_generation = std::max(m_generation, segment->heading().generation);
        m_files.push_back({path, segment->heading(), 0});
        alien = alien || segment->heading().device != m_settings.device;
    }
    std::sort(m_files.begin(), m_files.end(), [](const File& a, const File& b) {
        return std::pair(a.heading.generation, a.heading.number) < std::pair(b.heading.generation, b.heading.number);
    });

    // Each file ends where the next of its journal begins; the last of each is read. What does not join on is set aside.
    std::vector<File> sound;
    std::set<std::string> broken;
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        File file = m_files[i];
        const std::string& journal = file.heading.journal;
        const bool joins = sound.empty() || sound.back().heading.journal != journal ||
                           (sound.back().heading.number + 1 == file.heading.number && sound.back().last_seq + 1 == file.heading.first_seq);
        bool good = !broken.contains(journal) && joins && file.heading.device == m_settings.device;
        if (good && i + 1 < m_files.size() && m_files[i + 1].heading.journal == journal &&
            m_files[i + 1].heading.number == file.heading.number + 1) {
            file.last_seq = m_files[i + 1].heading.first_seq - 1;
        } else if (good) {
            Result<Segment> segment = Segment::open(file.path);
            Result<void> checked = segment ? segment->check() : segment.error();
            Result<std::optional<StoredRow>> last = checked ? segment->last() : checked.error();
            if (!last && !is_damage(last.error()))
                return last.error();
            file.last_seq = last && *last ? (*last)->seq : file.heading.first_seq - 1;
            good = last.ok();
            if (good) {
                m_last_digest = *last ? row_digest((*last)->bytes) : file.heading.previous;
                m_last_seq = file.last_seq;
                m_journal = journal;
            }
        }
        if (good) {
            sound.push_back(std::move(file));
        } else {
            broken.insert(journal);
            damaged.push_back(file.path);
        }
    }
    m_files = std::move(sound);

    if (damaged.empty() && !m_files.empty()) {
        CAPSULE_TRY(segment, Segment::open(m_files.back().path));
        m_current = std::move(segment);
        return {};
    }
    if (damaged.empty())
        return begin_journal(std::nullopt);
    // The loss is on record before the file goes out of sight: a kill in between records it twice, never not at all.
    const std::string reason = std::string(alien ? "another-device: " : "corrupt: ") + damaged.front().filename().string();
    CAPSULE_CHECK(begin_journal(GapRow{0, 0, 0, reason}));
    for (const Path& path : damaged)
        CAPSULE_CHECK(put_aside(path));
    return {};
}

Result<void> Journal::put_aside(const Path& path) {
    forget_reader();
    if (m_current && m_current->path() == path)
        m_current.reset();
    CAPSULE_CHECK(m_disk->make_directories(m_settings.set_aside));
    Path target = m_settings.set_aside / path.filename();
    for (int n = 1; m_disk->exists(target); ++n)
        target = m_settings.set_aside / (path.filename().string() + "." + std::to_string(n));
    log_error("journal", "setting " + path.string() + " aside as " + target.string());
    const Path log(path.string() + "-wal");
    if (m_disk->exists(log))
        CAPSULE_CHECK(m_disk->rename(log, Path(target.string() + "-wal")));
    CAPSULE_CHECK(m_disk->rename(path, target));
    CAPSULE_CHECK(m_disk->sync_directory(m_settings.set_aside));
    return m_disk->sync_directory(m_settings.folder);
}

Result<void> Journal::begin_journal(std::optional<GapRow> gap) {
    m_current.reset();
    m_journal = m_random->hex(16);
    ++m_generation;
    m_last_seq = 0;
    m_last_digest = {};
    CAPSULE_CHECK(begin_segment());
    if (gap) {
        CAPSULE_TRY(seq, append({*gap}));
        (void)seq;
    }
    return {};
}

Result<void> Journal::begin_segment() {
    const bool continues = !m_files.empty() && m_files.back().heading.journal == m_journal;
    const SegmentHeading heading{m_journal,    continues ? m_files.back().heading.number + 1 : 1, m_generation, m_settings.device,
                                 m_last_seq + 1, m_last_digest};
    const Path path = m_settings.folder / (m_journal + "-" + std::to_string(heading.number) + ".db");
    CAPSULE_TRY(segment, Segment::create(*m_disk, path, heading));
    m_current = std::move(segment);
    m_files.push_back({path, heading, m_last_seq});
    return {};
}

Result<std::int64_t> Journal::append(const std::vector<RowBody>& bodies) {
    if (!m_current || m_last_seq - m_current->heading().first_seq + 1 >= m_settings.rows_per_segment)
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
    m_files.back().last_seq = seq;
    return seq;
}

std::vector<JournalSpan> Journal::spans() const {
    std::vector<JournalSpan> out;
    for (const File& file : m_files) {
        if (out.empty() || out.back().journal != file.heading.journal)
            out.push_back({file.heading.journal, file.heading.first_seq, 0, file.heading.journal == m_journal});
        out.back().last_seq = file.last_seq;
    }
    return out;
}

Result<Segment*> Journal::reader(const File& file) {
    if (m_current && m_current->path() == file.path)
        return &*m_current;
    if (!m_reader || m_reader->path() != file.path) {
        m_reader.reset();
        CAPSULE_TRY(segment, Segment::open(file.path));
        m_reader = std::move(segment);
    }
    return &*m_reader;
}

Result<std::vector<StoredRow>> Journal::read_from(const std::string& journal, std::int64_t seq, std::size_t rows, std::size_t bytes) {
    bool known = false;
    for (const File& file : m_files) {
        if (file.heading.journal != journal)
            continue;
        if (!known && seq < file.heading.first_seq)
            break;
        known = true;
        if (seq > file.last_seq)
            continue;
        Result<Segment*> segment = reader(file);
        Result<std::vector<StoredRow>> read = segment ? (*segment)->read(seq, rows, bytes) : segment.error();
        if (read && read->empty())
            return Error{Category::invalid, "journal segment " + file.path.string() + " has lost its rows from " + std::to_string(seq)};
        if (!read && is_damage(read.error()))
            return Error{Category::invalid, read.error().message};
        return read;
    }
    if (!known)
        return Error{Category::missing, "journal " + journal + " has no row " + std::to_string(seq)};
    return std::vector<StoredRow>{};
}

Result<void> Journal::acknowledged(const std::string& journal, std::int64_t seq) {
    std::int64_t& acked = m_acknowledged[journal];
    acked = std::max(acked, seq);
    for (std::size_t i = 0; i + std::max<std::size_t>(m_settings.segments_kept, 1) < m_files.size();) {
        const File& file = m_files[i];
        const auto known = m_acknowledged.find(file.heading.journal);
        if (known == m_acknowledged.end() || known->second < file.last_seq) {
            ++i;
            continue;
        }
        forget_reader();
        CAPSULE_CHECK(m_disk->remove(file.path));
        for (const char* suffix : {"-wal", "-journal"})
            CAPSULE_CHECK(m_disk->remove(Path(file.path.string() + suffix)));
        m_files.erase(m_files.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return {};
}

Result<void> Journal::retire(const std::string& journal, std::int64_t seq, const std::string& reason) {
    GapRow gap{0, 0, 0, reason};
    for (std::size_t i = 0; i < m_files.size();) {
        const File& file = m_files[i];
        if (file.heading.journal != journal || file.last_seq < seq) {
            ++i;
            continue;
        }
        gap.count += file.last_seq - std::max(seq, file.heading.first_seq) + 1;
        CAPSULE_CHECK(put_aside(file.path));
        m_files.erase(m_files.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (journal == m_journal)
        return begin_journal(gap);
    CAPSULE_TRY(last, append({gap}));
    (void)last;
    return {};
}

} // namespace capsule
