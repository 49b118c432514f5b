#include "playlists/release/metadata.hpp"

#include "content/base/digest.hpp"
#include "content/lib/json/strict.hpp"
#include "content/lib/openssl/public_key.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::tuf {

namespace {

using Json = nlohmann::json;
constexpr json::Limits limits{.bytes = 16u << 20, .depth = 32, .floats = false};
constexpr std::int64_t largest_number = (std::int64_t{1} << 53) - 1;

// Remembers the first complaint; after one, what is read is empty.
class Reader {
public:
    const Json* member(const Json& object, const char* name, bool required = true) {
        const auto found = object.is_object() ? object.find(name) : object.end();
        if (object.is_object() && found != object.end())
            return &*found;
        if (required)
            complain(std::string("\"") + name + "\" is missing");
        return nullptr;
    }
    const Json& object(const Json& parent, const char* name, bool required = true) {
        static const Json empty = Json::object();
        const Json* value = member(parent, name, required);
        if (value && !value->is_object())
            complain(std::string("\"") + name + "\" is not an object");
        return value && value->is_object() ? *value : empty;
    }
    std::string text(const Json& parent, const char* name) {
        const Json* value = member(parent, name);
        if (value && !value->is_string())
            complain(std::string("\"") + name + "\" is not a string");
        return value && value->is_string() ? value->get<std::string>() : std::string{};
    }
    std::int64_t number(const Json& parent, const char* name, std::int64_t least) {
        const Json* value = member(parent, name);
        const bool whole = value && value->is_number_integer() &&
                           !(value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(largest_number));
        if (value && (!whole || value->get<std::int64_t>() < least || value->get<std::int64_t>() > largest_number)) {
            complain(std::string("\"") + name + "\" is not a whole number from " + std::to_string(least));
            return least;
        }
        return value ? value->get<std::int64_t>() : least;
    }
    std::vector<std::string> texts(const Json& list, const char* name) {
        std::vector<std::string> all;
        if (!list.is_array())
            complain(std::string("\"") + name + "\" is not a list");
        else
            for (const Json& one : list)
                if (one.is_string())
                    all.push_back(one.get<std::string>());
                else
                    complain(std::string("\"") + name + "\" holds something else than a string");
        return all;
    }
    std::map<std::string, std::string> hashes(const Json& parent, bool required) {
        std::map<std::string, std::string> all;
        const Json& listed = object(parent, "hashes", required);
        for (const auto& [algorithm, value] : listed.items())
            if (value.is_string())
                all[algorithm] = value.get<std::string>();
            else
                complain("\"hashes\" holds something else than a string");
        if (required && all.empty())
            complain("\"hashes\" is empty");
        return all;
    }
    void complain(std::string complaint) {
        if (m_complaint.empty())
            m_complaint = std::move(complaint);
    }
    const std::string& complaint() const { return m_complaint; }

private:
    std::string m_complaint;
};

FileEntry read_file_entry(Reader& reader, const Json& value) {
    FileEntry entry;
    entry.version = reader.number(value, "version", 1);
    if (value.is_object() && value.contains("length"))
        entry.length = static_cast<std::uint64_t>(reader.number(value, "length", 0));
    if (value.is_object() && value.contains("hashes"))
        entry.hashes = reader.hashes(value, false);
    return entry;
}

std::map<std::string, Key> read_keys(Reader& reader, const Json& parent) {
    std::map<std::string, Key> keys;
    const Json& listed = reader.object(parent, "keys");
    for (const auto& [id, value] : listed.items()) {
        Key key{reader.text(value, "keytype"), reader.text(value, "scheme"), {}};
        // What the value of an unknown type looks like is not ours to say.
        const Json& held = reader.object(value, "keyval");
        if (const auto found = held.find("public"); found != held.end() && found->is_string())
            key.value = found->get<std::string>();
        keys[id] = std::move(key);
    }
    return keys;
}

RoleKeys read_role_keys(Reader& reader, const Json& value) {
    RoleKeys role;
    role.threshold = reader.number(value, "threshold", 1);
    if (const Json* ids = reader.member(value, "keyids"))
        for (auto& id : reader.texts(*ids, "keyids"))
            role.keyids.insert(std::move(id));
    return role;
}

void read_root(Reader& reader, const Json& body, Metadata& into) {
    if (const Json* consistent = reader.member(body, "consistent_snapshot", false)) {
        if (!consistent->is_boolean())
            reader.complain("\"consistent_snapshot\" is neither true nor false");
        else
            into.consistent_snapshot = consistent->get<bool>();
    }
    into.keys = read_keys(reader, body);
    const Json& roles = reader.object(body, "roles");
    for (const Role role : {Role::root, Role::timestamp, Role::snapshot, Role::targets})
        into.roles[role] = read_role_keys(reader, reader.object(roles, to_string(role)));
}

void read_timestamp(Reader& reader, const Json& body, Metadata& into) {
    into.snapshot = read_file_entry(reader, reader.object(reader.object(body, "meta"), "snapshot.json"));
    if (const auto found = body.find("x-signed-at"); found != body.end()) {
        into.signed_at = found->is_string() ? parse_rfc3339(found->get<std::string>()) : std::nullopt;
        if (!into.signed_at)
            reader.complain("\"x-signed-at\" is not a point in time");
    }
}

void read_delegations(Reader& reader, const Json& body, Metadata& into) {
    const Json* value = reader.member(body, "delegations", false);
    if (!value)
        return;
    into.delegations.keys = read_keys(reader, *value);
    const Json* roles = reader.member(*value, "roles", false);
    if (!roles)
        return; // of a kind that this reader does not know: nothing is delegated
    if (!roles->is_array())
        return reader.complain("\"roles\" is not a list");
    for (const Json& one : *roles) {
        DelegatedRole role{reader.text(one, "name"), read_role_keys(reader, one), false, {}, {}};
        if (const Json* last = reader.member(one, "terminating", false); last && last->is_boolean())
            role.terminating = last->get<bool>();
        if (const Json* paths = reader.member(one, "paths", false))
            role.paths = reader.texts(*paths, "paths");
        if (const Json* prefixes = reader.member(one, "path_hash_prefixes", false))
            role.path_hash_prefixes = reader.texts(*prefixes, "path_hash_prefixes");
        into.delegations.roles.push_back(std::move(role));
    }
}

void read_targets(Reader& reader, const Json& body, Metadata& into) {
    const Json& listed = reader.object(body, "targets");
    for (const auto& [name, value] : listed.items()) {
        TargetEntry entry;
        entry.length = static_cast<std::uint64_t>(reader.number(value, "length", 0));
        entry.hashes = reader.hashes(value, true);
        if (const auto custom = value.find("custom"); custom != value.end() && custom->is_object())
            if (const auto number = custom->find("number"); number != custom->end() && number->is_number_integer())
                entry.number = number->get<std::int64_t>();
        into.targets[name] = std::move(entry);
    }
    read_delegations(reader, body, into);
}

void read_signatures(Reader& reader, const Json& document, Metadata& into) {
    const Json* listed = reader.member(document, "signatures");
    if (!listed || !listed->is_array())
        return reader.complain("\"signatures\" is not a list");
    std::set<std::string> seen;
    for (const Json& one : *listed) {
        into.signatures.push_back({reader.text(one, "keyid"), reader.text(one, "sig")});
        if (!seen.insert(into.signatures.back().keyid).second)
            reader.complain("two signatures bear the same keyid");
    }
}

} // namespace

const char* to_string(Role role) {
    switch (role) {
    case Role::root:
        return "root";
    case Role::timestamp:
        return "timestamp";
    case Role::snapshot:
        return "snapshot";
    case Role::targets:
        break;
    }
    return "targets";
}

std::variant<Metadata, Refusal> parse_metadata(std::string bytes, Role role, const std::string& file) {
    const auto document = json::parse_strict(bytes, limits);
    if (!document)
        return Refusal{Reason::malformed, file, document.error().message};
    Reader reader;
    const Json& body = reader.object(*document, "signed");
    const std::string type = reader.text(body, "_type");
    if (!type.empty() && type != to_string(role))
        return Refusal{Reason::wrong_role, file, "it says _type \"" + type.substr(0, 40) + "\""};
    Metadata metadata;
    metadata.role = role;
    if (const std::string version = reader.text(body, "spec_version"); !version.starts_with("1."))
        reader.complain("\"spec_version\" is not 1.x");
    metadata.version = reader.number(body, "version", 1);
    const auto expires = parse_rfc3339(reader.text(body, "expires"));
    if (!expires)
        reader.complain("\"expires\" is not a point in time");
    else
        metadata.expires = *expires;
    if (role == Role::root)
        read_root(reader, body, metadata);
    else if (role == Role::timestamp)
        read_timestamp(reader, body, metadata);
    else if (role == Role::targets)
        read_targets(reader, body, metadata);
    else
        for (const auto& [name, value] : reader.object(body, "meta").items())
            metadata.files[name] = read_file_entry(reader, value);
    read_signatures(reader, *document, metadata);
    const auto text = json::canonical(body);
    if (!text)
        reader.complain(text.error().message);
    if (!reader.complaint().empty())
        return Refusal{Reason::malformed, file, reader.complaint()};
    metadata.signed_text = *text;
    metadata.bytes = std::move(bytes);
    return metadata;
}

bool signed_by(const Metadata& metadata, const std::map<std::string, Key>& keys, const RoleKeys& role) {
    std::set<Key> good;
    for (const auto& signature : metadata.signatures) {
        const auto key = keys.find(signature.keyid);
        if (role.keyids.contains(signature.keyid) && key != keys.end() && !good.contains(key->second) &&
            verify(key->second, metadata.signed_text, signature.value))
            good.insert(key->second);
        if (good.size() >= static_cast<std::uint64_t>(role.threshold))
            return true;
    }
    return false;
}

bool hashes_hold(const std::map<std::string, std::string>& hashes, std::string_view bytes) {
    bool known = false;
    for (const auto& [algorithm, value] : hashes) {
        if (algorithm != "sha256" && algorithm != "sha512")
            continue;
        known = true;
        if (value != (algorithm == "sha256" ? sha256(bytes).hex() : sha512_hex(bytes)))
            return false;
    }
    return known;
}

} // namespace capsule::tuf
