#include "tests/tools/delegation_search.hpp"

#include "content/base/digest.hpp"
#include "content/lib/curl/session.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace capsule::tuf {

namespace {

constexpr std::size_t most_roles = 64;
constexpr std::uint64_t most_bytes = 5u << 20;

bool answers_for(const DelegatedRole& role, const std::string& target) {
    for (const std::string& pattern : role.paths)
        if (::fnmatch(pattern.c_str(), target.c_str(), FNM_PATHNAME | FNM_NOESCAPE) == 0)
            return true;
    const std::string digest = sha256(target).hex();
    return std::any_of(role.path_hash_prefixes.begin(), role.path_hash_prefixes.end(),
                       [&](const std::string& prefix) { return digest.starts_with(prefix); });
}

bool is_top_level(const std::string& name) {
    return name == "root" || name == "timestamp" || name == "snapshot" || name == "targets";
}

} // namespace

DelegationSearch::DelegationSearch(const Client& client, Disk& disk, Path folder, Instant now, Fetch fetch)
    : m_client(client), m_disk(disk), m_folder(std::move(folder)), m_now(now), m_fetch(std::move(fetch)) {}

Result<TargetEntry> DelegationSearch::find(const std::string& target) {
    struct Step {
        Delegations delegator;
        DelegatedRole role;
    };
    std::vector<Step> ahead; // the next one last
    std::set<std::string> visited;
    const auto look = [&](const Metadata& targets) -> const TargetEntry* {
        if (const auto found = targets.targets.find(target); found != targets.targets.end())
            return &found->second;
        std::vector<Step> children;
        for (const DelegatedRole& role : targets.delegations.roles) {
            if (!answers_for(role, target))
                continue;
            children.push_back({targets.delegations, role});
            if (role.terminating) {
                ahead.clear();
                break;
            }
        }
        ahead.insert(ahead.end(), std::make_move_iterator(children.rbegin()), std::make_move_iterator(children.rend()));
        return nullptr;
    };
    if (const TargetEntry* entry = look(*m_client.targets()))
        return *entry;
    while (!ahead.empty() && visited.size() < most_roles) {
        const Step step = std::move(ahead.back());
        ahead.pop_back();
        if (!visited.insert(step.role.name).second)
            continue;
        const auto loaded = load(step.delegator, step.role);
        if (const auto* refusal = std::get_if<Refusal>(&loaded))
            return to_error(*refusal);
        if (const TargetEntry* entry = look(std::get<Metadata>(loaded)))
            return *entry;
    }
    return to_error({Reason::unknown_target, "targets.json", "there is no target \"" + target + "\""});
}

std::variant<Metadata, Refusal> DelegationSearch::load(const Delegations& delegator, const DelegatedRole& role) {
    const std::string name = http::percent_encoded(role.name) + ".json";
    const auto listed = m_client.snapshot()->files.find(role.name + ".json");
    if (is_top_level(role.name) || listed == m_client.snapshot()->files.end())
        return Refusal{Reason::missing, name, "the snapshot does not name this role"};
    const FileEntry& entry = listed->second;
    if (const auto kept = m_disk.read(m_folder / name, most_bytes))
        if (auto judged = judge(*kept, entry, delegator, role, name); std::holds_alternative<Metadata>(judged))
            return judged;
    const std::string file = (m_client.root()->consistent_snapshot ? std::to_string(entry.version) + "." : "") + name;
    const auto bytes = m_fetch(file, std::min(entry.length.value_or(most_bytes), most_bytes));
    if (!bytes)
        return Refusal{Reason::unavailable, file, bytes.error().message};
    auto judged = judge(*bytes, entry, delegator, role, file);
    if (std::holds_alternative<Metadata>(judged))
        if (const auto written = write_durably(m_disk, m_folder / name, *bytes); !written)
            return Refusal{Reason::storage, name, written.error().message};
    return judged;
}

std::variant<Metadata, Refusal> DelegationSearch::judge(std::string bytes, const FileEntry& entry, const Delegations& delegator,
                                                        const DelegatedRole& role, const std::string& file) const {
    if ((entry.length && *entry.length != bytes.size()) || (!entry.hashes.empty() && !hashes_hold(entry.hashes, bytes)))
        return Refusal{Reason::mismatch, file, "not the length or digest that the snapshot announces"};
    auto parsed = parse_metadata(std::move(bytes), Role::targets, file);
    const auto* metadata = std::get_if<Metadata>(&parsed);
    if (!metadata)
        return parsed;
    if (!signed_by(*metadata, delegator.keys, role.keys))
        return Refusal{Reason::signatures, file, "not signed by enough keys of whoever delegates to it"};
    if (metadata->version != entry.version)
        return Refusal{Reason::mismatch, file, "it says version " + std::to_string(metadata->version)};
    if (metadata->expires <= m_now)
        return Refusal{Reason::expired, file, "it expired at " + to_rfc3339(metadata->expires)};
    return parsed;
}

} // namespace capsule::tuf
