#include "playlists/release/writer.hpp"

#include "content/lib/json/strict.hpp"
#include "playlists/release/patch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule {

namespace {
constexpr std::uint64_t most_document_bytes = 64u << 20;
}

Result<std::unique_ptr<ReleaseWriter>> ReleaseWriter::open(Disk& disk, const Path& folder, const Clock& clock) {
    CAPSULE_CHECK(disk.make_directories(folder));
    std::unique_ptr<ReleaseWriter> self(new ReleaseWriter(disk, folder, clock));
    const auto text = disk.read(folder / "index.json", 64u << 10);
    if (!text && text.error().category != Category::missing)
        return text.error();
    if (text) {
        auto index = parse_release_index(*text);
        if (!index)
            return in_context(folder.string(), index.error());
        self->m_index = *index;
    }
    CAPSULE_CHECK(self->read_retired());
    return self;
}

Result<void> ReleaseWriter::sign_with(tuf::SignedRelease& signer) {
    const std::lock_guard lock(m_mutex);
    m_signer = &signer;
    return signer.publish(m_index);
}

ReleaseIndex ReleaseWriter::index() const {
    const std::lock_guard lock(m_mutex);
    return m_index;
}

std::int64_t ReleaseWriter::next_number(DocumentKind kind) const {
    const std::lock_guard lock(m_mutex);
    const auto& entry = m_index.entry(kind);
    return entry ? entry->number + 1 : 1;
}

Result<std::string> ReleaseWriter::current(DocumentKind kind) const {
    const std::lock_guard lock(m_mutex);
    const auto& entry = m_index.entry(kind);
    if (!entry)
        return Error{Category::missing, std::string("no ") + to_string(kind) + " document was published yet"};
    return m_disk.read(m_folder / document_file_name(kind, entry->sha256), most_document_bytes);
}

Result<DocumentEntry> ReleaseWriter::replace(DocumentKind kind, std::int64_t number, std::string_view text) {
    const std::lock_guard lock(m_mutex);
    ReleaseIndex index = m_index;
    auto& entry = index.entry(kind);
    if (number != (entry ? entry->number + 1 : 1))
        return Error{Category::refused, std::string(to_string(kind)) + " number " + std::to_string(number) +
                                            " is not the next one: another change came in between, try again"};
    const std::optional<DocumentEntry> before = entry;
    entry = DocumentEntry{number, sha256(text), text.size()};
    const std::string name = document_file_name(kind, entry->sha256);
    CAPSULE_CHECK(write_durably(m_disk, m_folder / name, text));
    if (before && before->sha256 != entry->sha256)
        write_patch_while_locked(kind, *before, *entry, text);
    CAPSULE_CHECK(write_durably(m_disk, m_folder / "index.json", serialise(index)));
    m_index = index;
    if (m_signer)
        if (const auto done = m_signer->publish(m_index); !done)
            return in_context("written, but not signed yet (to be tried again soon)", done.error());
    if (before && before->sha256 != entry->sha256) {
        m_retired.push_back({document_file_name(kind, before->sha256), to_ms(m_clock.wall())});
        sweep_while_locked();
        // The release is in force already; a list of leftovers that could not be written is written the next time.
        (void)write_retired_while_locked();
    }
    return *entry;
}

// A convenience: without it screens fetch the whole document.
void ReleaseWriter::write_patch_while_locked(DocumentKind kind, const DocumentEntry& before, const DocumentEntry& after,
                                             std::string_view text) {
    const auto old = m_disk.read(m_folder / document_file_name(kind, before.sha256), most_document_bytes);
    const auto patch = old ? make_patch(*old, text) : std::nullopt;
    if (patch)
        (void)write_durably(m_disk, m_folder / patch_file_name(kind, before.sha256, after.sha256), *patch);
    // Those that lead to what is replaced now go with it.
    const auto names = m_disk.list(m_folder);
    if (!names)
        return;
    for (const std::string& name : *names)
        if (const auto found = parse_patch_file_name(name); found && found->kind == kind && found->after == before.sha256)
            m_retired.push_back({name, to_ms(m_clock.wall())});
}

void ReleaseWriter::sweep_while_locked() {
    const std::int64_t now = to_ms(m_clock.wall());
    std::erase_if(m_retired, [&](const Retired& retired) {
        if (parse_patch_file_name(retired.name))
            return now - retired.since_ms > grace.count() && m_disk.remove(m_folder / retired.name).ok();
        const auto document = parse_document_file_name(retired.name);
        const auto in_force = document ? m_index.entry(document->first) : std::nullopt;
        if (!document || (in_force && in_force->sha256 == document->second))
            return true;
        return now - retired.since_ms > grace.count() && m_disk.remove(m_folder / retired.name).ok();
    });
}

Result<void> ReleaseWriter::read_retired() {
    if (!m_disk.exists(m_folder / "retired.json"))
        return {};
    CAPSULE_TRY(text, m_disk.read(m_folder / "retired.json", 16u << 20));
    auto document = json::parse_strict(text);
    if (!document || !document->is_object())
        return {}; // only a list of what may be deleted: forgetting it keeps a few files too many
    for (const auto& [name, since] : document->items())
        if (since.is_number_integer())
            m_retired.push_back({name, since.get<std::int64_t>()});
    return {};
}

Result<void> ReleaseWriter::write_retired_while_locked() {
    nlohmann::json document = nlohmann::json::object();
    for (const Retired& retired : m_retired)
        document[retired.name] = retired.since_ms;
    return write_durably(m_disk, m_folder / "retired.json", document.dump());
}

} // namespace capsule
