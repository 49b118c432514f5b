// Journal: what happens at start, and to files that cannot be trusted.
//
//     <name>.db ──damage──▶ <name>.db.corrupt ──salvage──▶ set-aside/<name>.db, and a new <name>.db of what was saved
//
// A file's log goes with it, under the same name with "-wal". Each move can be cut short and is finished at the next start.
#include "content/base/log.hpp"
#include "player/impressions/journal.hpp"
#include "player/impressions/log_check.hpp"
#include "player/impressions/salvage.hpp"

#include <algorithm>
#include <set>

namespace capsule {

namespace {

constexpr std::uint64_t most_bytes = 64u << 20; // a segment has some 3 MB
constexpr const char* corrupt_suffix = ".corrupt";

Path with(const Path& path, const char* suffix) { return path.string() + suffix; }

// What can be read of it, with zeros for sectors that cannot; empty when it is not there.
Result<std::string> read_around_holes(Disk& disk, const Path& path) {
    constexpr std::size_t piece = 64u << 10, sector = 4096;
    if (!disk.exists(path))
        return std::string{};
    CAPSULE_TRY(size, disk.size(path));
    if (size > most_bytes)
        return Error{Category::refused, path.string() + " is too large for a segment"};
    std::string out;
    const auto add = [&](std::size_t length) {
        Result<std::string> part = disk.read_part(path, out.size(), std::min<std::uint64_t>(length, size - out.size()));
        if (!part || part->empty())
            return false;
        out += *part;
        return true;
    };
    while (out.size() < size) {
        if (out.size() % piece == 0 && add(piece))
            continue;
        if (!add(sector - out.size() % sector))
            out.append(std::min<std::uint64_t>(sector, size - out.size()), '\0');
    }
    return out;
}

} // namespace

Result<void> Journal::put_aside(const Path& path) {
    forget_reader();
    if (m_current && m_current->segment().path() == path)
        m_current.reset();
    CAPSULE_CHECK(m_disk->make_directories(m_settings.set_aside));
    Path target = m_settings.set_aside / path.filename();
    for (int n = 1; m_disk->exists(target); ++n)
        target = m_settings.set_aside / (path.filename().string() + "." + std::to_string(n));
    log_error("journal", "setting " + path.string() + " aside as " + target.string());
    if (m_disk->exists(with(path, "-wal")))
        CAPSULE_CHECK(m_disk->rename(with(path, "-wal"), with(target, "-wal")));
    CAPSULE_CHECK(m_disk->rename(path, target));
    CAPSULE_CHECK(m_disk->remove(SegmentWriter::mark_of(path)));
    CAPSULE_CHECK(m_disk->sync_directory(m_settings.set_aside));
    return m_disk->sync_directory(m_settings.folder);
}

Result<void> Journal::put_out_of_the_way(const Path& path) {
    forget_reader();
    if (m_current && m_current->segment().path() == path)
        m_current.reset();
    const Path target = with(path, corrupt_suffix);
    log_error("journal", path.string() + " cannot be trusted; its rows are salvaged later");
    // The log first: see finish_moves.
    if (m_disk->exists(with(path, "-wal")))
        CAPSULE_CHECK(m_disk->rename(with(path, "-wal"), with(target, "-wal")));
    CAPSULE_CHECK(m_disk->rename(path, target));
    CAPSULE_CHECK(m_disk->sync_directory(m_settings.folder));
    m_corrupt.push_back(target);
    return {};
}

Result<void> Journal::finish_moves(const std::vector<std::string>& names) {
    const std::set<std::string> there(names.begin(), names.end());
    for (const std::string& name : names) {
        if (!SegmentName::parse(name))
            continue;
        if (there.contains(name + corrupt_suffix)) {
            // Half salvaged: begun anew. Its own log goes first, or it would be taken for that of another file.
            for (const char* suffix : {"-wal", "-journal", ""})
                CAPSULE_CHECK(m_disk->remove(m_settings.folder / (name + suffix)));
        } else if (there.contains(name + corrupt_suffix + "-wal")) {
            CAPSULE_CHECK(m_disk->rename(m_settings.folder / name, m_settings.folder / (name + corrupt_suffix)));
        }
    }
    CAPSULE_TRY(now, m_disk->list(m_settings.folder));
    for (const std::string& name : now)
        if (name.ends_with(corrupt_suffix) && SegmentName::parse(Path(name).stem().string()))
            m_corrupt.push_back(m_settings.folder / name);
    return {};
}

// What SQLite would not notice: see log_check.hpp and segment_writer.hpp.
Result<bool> Journal::is_intact(const Path& path) {
    const Path log = SegmentWriter::log_of(path), mark = SegmentWriter::mark_of(path);
    if (m_disk->exists(mark) && !m_disk->exists(log))
        return false;
    CAPSULE_TRY(bytes, read_around_holes(*m_disk, log));
    return log_is_whole(bytes);
}

Result<std::vector<SeqRun>> Journal::runs_of(Segment& segment) {
    if (segment.heading().salvaged)
        return segment.runs();
    CAPSULE_CHECK(segment.check());
    CAPSULE_TRY(last, segment.last());
    return last ? std::vector<SeqRun>{{segment.heading().first_seq, last->seq}} : std::vector<SeqRun>{};
}

Result<void> Journal::recover() {
    CAPSULE_CHECK(m_disk->make_directories(m_settings.folder));
    CAPSULE_TRY(names, m_disk->list(m_settings.folder));
    CAPSULE_CHECK(finish_moves(names));
    std::vector<Path> damaged_files, alien_files;
    for (const std::string& text : names) {
        const std::optional<SegmentName> name = SegmentName::parse(text);
        const Path path = m_settings.folder / text;
        if (!name || !m_disk->exists(path))
            continue;
        CAPSULE_TRY(intact, is_intact(path));
        if (!intact) {
            damaged_files.push_back(path);
            continue;
        }
        Result<Segment> segment = Segment::open(path);
        if (!segment && !is_damage(segment.error()))
            return segment.error();
        if (!segment || segment->heading().journal != name->journal || segment->heading().number != name->number) {
            damaged_files.push_back(path);
            continue;
        }
        m_generation = std::max(m_generation, segment->heading().generation);
        const SegmentHeading heading = segment->heading();
        if (m_disk->exists(SegmentWriter::mark_of(path))) // closing it folds its log into the file
            CAPSULE_CHECK(m_disk->rename(SegmentWriter::mark_of(path), SegmentWriter::closing_mark_of(path)));
        segment = Error{Category::missing, "closed"};
        CAPSULE_CHECK(m_disk->remove(SegmentWriter::closing_mark_of(path)));
        if (heading.device == m_settings.device)
            m_files.push_back({path, heading, {}});
        else
            alien_files.push_back(path);
    }
    std::sort(m_files.begin(), m_files.end(), [](const File& a, const File& b) {
        return std::pair(a.heading.generation, a.heading.number) < std::pair(b.heading.generation, b.heading.number);
    });

    // A file ends where the next of its journal begins; of others the last row is read. Numbers that come twice are damage.
    std::vector<File> sound;
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        File file = m_files[i];
        const File* next = i + 1 < m_files.size() ? &m_files[i + 1] : nullptr;
        const bool overlaps = !sound.empty() && sound.back().heading.journal == file.heading.journal &&
                              sound.back().last() >= file.heading.first_seq;
        Result<std::vector<SeqRun>> runs = Error{Category::invalid, ""};
        if (!overlaps && !file.heading.salvaged && next && !next->heading.salvaged && next->heading.journal == file.heading.journal &&
            next->heading.number == file.heading.number + 1) {
            runs = std::vector<SeqRun>{{file.heading.first_seq, next->heading.first_seq - 1}};
        } else if (!overlaps) {
            Result<Segment> segment = Segment::open(file.path);
            runs = segment ? runs_of(*segment) : segment.error();
            if (!runs && !is_damage(runs.error()))
                return runs.error();
        }
        if (!runs) {
            damaged_files.push_back(file.path);
            continue;
        }
        file.runs = *std::move(runs);
        sound.push_back(std::move(file));
    }
    m_files = std::move(sound);

    if (damaged_files.empty() && alien_files.empty() && !m_files.empty() && !m_files.back().heading.salvaged) {
        const File& newest = m_files.back();
        CAPSULE_TRY(segment, Segment::open(newest.path));
        CAPSULE_TRY(last, segment.last());
        m_journal = newest.heading.journal;
        m_last_seq = newest.last();
        m_last_digest = last ? row_digest(last->bytes) : newest.heading.previous;
        m_current = std::make_unique<SegmentWriter>(*m_disk, std::move(segment));
        return finish_retirements();
    }
    // It is on record before the files go out of sight: never not at all; and a gap not twice, though a kill may come in between.
    std::vector<RowBody> mishaps;
    for (const Path& path : alien_files)
        if (const std::string reason = "another-device: " + path.filename().string(); !is_told(reason))
            mishaps.emplace_back(GapRow{0, 0, 0, reason});
    for (const Path& path : damaged_files)
        mishaps.emplace_back(note("corrupt: " + path.filename().string()));
    CAPSULE_CHECK(begin_journal(mishaps));
    for (const Path& path : alien_files)
        CAPSULE_CHECK(put_aside(path));
    for (const Path& path : damaged_files)
        CAPSULE_CHECK(put_out_of_the_way(path));
    return finish_retirements();
}

// Files that a row says are set aside, and that are still there: see retire().
Result<void> Journal::finish_retirements() {
    if (std::all_of(m_files.begin(), m_files.end(), [&](const File& file) { return file.heading.journal == m_journal; }))
        return {};
    std::set<std::string> told;
    each_recent_row([&](const std::string& bytes) {
        const std::size_t at = bytes.find(set_aside_mark);
        if (at != std::string::npos)
            told.insert(bytes.substr(at, bytes.find('"', at) - at));
        return true;
    });
    for (std::size_t i = 0; i < m_files.size();) {
        const File& file = m_files[i];
        if (file.heading.journal == m_journal || !told.contains(set_aside_mark + file.path.filename().string())) {
            ++i;
            continue;
        }
        CAPSULE_CHECK(put_aside(file.path));
        m_files.erase(m_files.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return {};
}

Result<void> Journal::damaged(const std::string& journal, std::int64_t seq) {
    const auto found = std::find_if(m_files.begin(), m_files.end(), [&](const File& file) {
        return file.heading.journal == journal && file.heading.first_seq <= std::max(seq, file.heading.first_seq) &&
               seq <= std::max(file.last(), file.heading.first_seq);
    });
    if (found == m_files.end())
        return Error{Category::missing, "journal " + journal + " has no row " + std::to_string(seq)};
    const Path path = found->path;
    if (found->heading.salvaged) // once is enough
        return give_up(path, seq);
    CAPSULE_CHECK(put_out_of_the_way(path));
    m_files.erase(found);
    const std::vector<RowBody> mishap{note("corrupt: " + path.filename().string())};
    return journal == m_journal ? begin_journal(mishap) : write(mishap);
}

// By number, so that being cut short and told again does no harm; the files behind it are sent on.
Result<void> Journal::give_up(const Path& path, std::int64_t seq) {
    const auto found = std::find_if(m_files.begin(), m_files.end(), [&](const File& file) { return file.path == path; });
    const std::string journal = found->heading.journal;
    std::vector<RowBody> story;
    for (const SeqRun& run : found->runs)
        if (const std::int64_t first = std::max(seq, run.first); first <= run.last)
            story.emplace_back(GapRow{run.last - first + 1, 0, 0, "unreadable", LostRows{journal, first, run.last}});
    if (!story.empty())
        CAPSULE_CHECK(write(story));
    m_files.erase(std::find_if(m_files.begin(), m_files.end(), [&](const File& file) { return file.path == path; }));
    return put_aside(path);
}

// Whether rows are lost behind the last one that was saved of a file with which its journal ends. Only a file that still leads to its
// own last row can say that none are.
Result<std::optional<GapRow>> Journal::lost_at_end(const Path& corrupt, const SegmentName& name, const std::vector<StoredRow>& rows) {
    for (const File& file : m_files)
        if (file.heading.journal == name.journal && file.heading.number > name.number)
            return std::optional<GapRow>{};
    const Path segment = m_settings.folder / name.text(), log = with(corrupt, "-wal");
    const GapRow unknown{0, 0, 0, "salvage: " + name.text()};
    CAPSULE_TRY(log_bytes, read_around_holes(*m_disk, log));
    if (!log_is_whole(log_bytes) || (m_disk->exists(SegmentWriter::mark_of(segment)) && !m_disk->exists(log)))
        return std::optional(unknown);
    // A copy that is taken for a file without a log: what is in the log has been found by searching it.
    CAPSULE_TRY(bytes, read_around_holes(*m_disk, corrupt));
    if (bytes.size() < 100)
        return std::optional(unknown);
    bytes[18] = bytes[19] = 1;
    const Path copy = with(segment, ".copy");
    std::optional<std::int64_t> last;
    {
        CAPSULE_TRY(file, m_disk->create(copy, 0600));
        CAPSULE_CHECK(file->append(bytes));
        file.reset();
        Result<sqlite::Database> database = sqlite::Database::open(copy);
        Result<sqlite::Statement> select = database ? database->prepare("SELECT max(seq) FROM row") : database.error();
        if (select && select->step().ok() && !select->is_null(0))
            last = select->integer(0);
    }
    CAPSULE_CHECK(m_disk->remove(copy));
    CAPSULE_CHECK(m_disk->remove(with(copy, "-journal")));
    const std::int64_t saved = rows.empty() ? 0 : rows.back().seq;
    if (!last || rows.empty())
        return std::optional(unknown);
    if (*last <= saved)
        return std::optional<GapRow>{};
    return std::optional(GapRow{*last - saved, 0, 0, "salvage: " + name.text(), LostRows{name.journal, saved + 1, *last}});
}

void Journal::each_recent_row(const std::function<bool(const std::string& bytes)>& use) {
    std::size_t files = 3;
    for (auto file = m_files.rbegin(); file != m_files.rend() && files > 0; ++file) {
        if (file->heading.salvaged)
            continue;
        --files;
        const Result<Segment*> segment = reader(*file);
        for (std::int64_t seq = file->heading.first_seq; segment && seq <= file->last();) {
            const auto rows = (*segment)->read(seq, 500, 1u << 20);
            if (!rows || rows->empty())
                break;
            for (const StoredRow& row : *rows)
                if (!use(row.bytes))
                    return;
            seq = rows->back().seq + 1;
        }
    }
}

bool Journal::is_told(const std::string& text) {
    bool told = false;
    each_recent_row([&, member = "\"" + text + "\""](const std::string& bytes) {
        told = bytes.find(member) != std::string::npos;
        return !told;
    });
    return told;
}

Result<void> Journal::salvage() {
    if (m_corrupt.empty())
        return {};
    const Path corrupt = m_corrupt.front();
    const std::optional<SegmentName> name = SegmentName::parse(corrupt.stem().string());
    if (!name)
        return Error{Category::bug, corrupt.string() + " is no segment"};
    const Path segment = m_settings.folder / name->text();
    CAPSULE_TRY(bytes, read_around_holes(*m_disk, corrupt));
    CAPSULE_TRY(log, read_around_holes(*m_disk, with(corrupt, "-wal")));
    const std::vector<StoredRow> rows = salvage_rows(bytes, log, m_settings.device, name->journal);

    // Told before anything is moved, so never not at all; cut short behind this, or refused by the disk, it is not told again.
    const std::string told = "salvaged: " + name->text() + ", rows: " + std::to_string(rows.size());
    if (!is_told(told)) {
        std::vector<RowBody> story{note(told)};
        CAPSULE_TRY(lost, lost_at_end(corrupt, *name, rows));
        if (lost)
            story.emplace_back(*lost);
        CAPSULE_TRY(written, append(story));
        (void)written;
    }

    std::erase_if(m_files, [&](const File& file) { return file.path == segment; });
    if (!rows.empty()) {
        CAPSULE_TRY(first, parse_row(rows.front().bytes));
        std::int64_t generation = 0;
        for (const File& file : m_files)
            if (file.heading.journal == name->journal)
                generation = file.heading.generation;
        const SegmentHeading heading{name->journal,        name->number, generation, m_settings.device, rows.front().seq,
                                     first.header.prev, true};
        CAPSULE_TRY(made, Segment::create(*m_disk, segment, heading, rows));
        File file{segment, made.heading(), {}};
        CAPSULE_TRY(runs, made.runs());
        file.runs = std::move(runs);
        const auto before = [](const File& a, const File& b) {
            return std::pair(a.heading.generation, a.heading.number) < std::pair(b.heading.generation, b.heading.number);
        };
        m_files.insert(std::upper_bound(m_files.begin(), m_files.end(), file, before), std::move(file));
    }
    log_info("journal", std::to_string(rows.size()) + " rows saved of " + corrupt.string());
    return move_salvaged(corrupt, *name);
}

Result<void> Journal::move_salvaged(const Path& corrupt, const SegmentName& name) {
    CAPSULE_CHECK(m_disk->make_directories(m_settings.set_aside));
    const Path target = m_settings.set_aside / name.text(), segment = m_settings.folder / name.text();
    // The log first: a log alone would be taken for a move that was cut short.
    if (m_disk->exists(with(corrupt, "-wal")))
        CAPSULE_CHECK(m_disk->rename(with(corrupt, "-wal"), with(target, "-wal")));
    CAPSULE_CHECK(m_disk->remove(SegmentWriter::mark_of(segment)));
    CAPSULE_CHECK(m_disk->rename(corrupt, target));
    CAPSULE_CHECK(m_disk->sync_directory(m_settings.set_aside));
    CAPSULE_CHECK(m_disk->sync_directory(m_settings.folder));
    std::erase(m_corrupt, corrupt);
    return {};
}

} // namespace capsule
