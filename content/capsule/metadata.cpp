#include "content/capsule/metadata.hpp"

#include "content/base/encoding.hpp"
#include "content/capsule/fields.hpp"
#include "content/capsule/nearest.hpp"
#include "content/capsule/vocabulary.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace capsule {

namespace {

constexpr std::uint64_t most_bytes = 256 * 1024;

// One table being read; keeps the first complaint of the whole file.
class Reader {
public:
    Reader(const toml::table& table, std::string prefix, const std::string& name, std::string& complaint)
        : m_table(table), m_prefix(std::move(prefix)), m_name(name), m_complaint(complaint) {}

    void only(const std::vector<std::string>& known) {
        for (auto&& [key, node] : m_table) {
            const std::string word(key.str());
            if (std::find(known.begin(), known.end(), word) != known.end())
                continue;
            const auto meant = nearest_of(known, word);
            complain(word, key.source().begin.line, meant ? "unknown key; did you mean \"" + *meant + "\"?" : "unknown key");
        }
    }
    bool has(std::string_view key) const { return m_table.contains(key); }
    const toml::node* get(std::string_view key) const { return m_table.get(key); }

    // Empty when absent or wrong.
    std::string text(std::string_view key, const char* expected) {
        const auto* node = m_table.get(key);
        if (!node)
            return {};
        return text_in(*node, key, expected);
    }
    std::string text_in(const toml::node& node, std::string_view key, const char* expected) {
        const auto value = node.value_exact<std::string>();
        if (!value || value->empty() || value->size() > 1000 || !is_utf8(*value)) {
            complain(key, line(node), std::string(expected) + " is expected, in quotation marks");
            return {};
        }
        return *value;
    }
    std::string checked(std::string_view key, bool (*good)(std::string_view), const char* expected) {
        std::string value = text(key, expected);
        if (!value.empty() && !good(value)) {
            complain(key, line(*get(key)), std::string(expected) + " is expected, not \"" + value + "\"");
            return {};
        }
        return value;
    }
    std::string code(std::string_view key, Vocabulary vocabulary) {
        const std::string value = text(key, "a code of the vocabulary");
        return value.empty() ? value : code_in(*get(key), key, vocabulary, value);
    }
    std::string code_in(const toml::node& node, std::string_view key, Vocabulary vocabulary, const std::string& value) {
        auto found = code_of(vocabulary, value);
        if (!found)
            complain(key, line(node), not_known(vocabulary, value));
        return found ? *found : std::string();
    }
    std::vector<std::string> texts(std::string_view key, const char* expected) {
        std::vector<std::string> found;
        const auto* node = m_table.get(key);
        const auto* list = node ? node->as_array() : nullptr;
        if (node && !list)
            complain(key, line(*node), "a list in square brackets is expected");
        if (list)
            for (const auto& member : *list)
                found.push_back(text_in(member, key, expected));
        return found;
    }
    // A TOML date, or the same in quotation marks.
    std::string date(std::string_view key) {
        const auto* node = m_table.get(key);
        if (!node)
            return {};
        if (const auto value = node->value_exact<toml::date>()) {
            char buffer[32];
            std::snprintf(buffer, sizeof buffer, "%04u-%02u-%02u", unsigned{value->year}, unsigned{value->month}, unsigned{value->day});
            return buffer;
        }
        const auto value = node->value_exact<std::string>();
        if (!value || !is_date(*value)) {
            complain(key, line(*node), "a date such as 2026-01-31 is expected");
            return {};
        }
        return *value;
    }
    bool flag(std::string_view key, bool otherwise) {
        const auto* node = m_table.get(key);
        if (!node)
            return otherwise;
        const auto value = node->value_exact<bool>();
        if (!value)
            complain(key, line(*node), "true or false is expected");
        return value.value_or(otherwise);
    }

    static std::uint32_t line(const toml::node& node) { return node.source().begin.line; }
    std::uint32_t line_of_table() const { return std::max(1u, m_table.source().begin.line); }
    void complain(std::string_view key, std::uint32_t at, const std::string& what) {
        if (m_complaint.empty())
            m_complaint = m_name + ":" + std::to_string(at) + ": " + m_prefix + std::string(key) + ": " + what;
    }

private:
    const toml::table& m_table;
    std::string m_prefix;
    const std::string& m_name;
    std::string& m_complaint;
};

void read_title(Reader& reader, Metadata& metadata) {
    const auto* node = reader.get("title");
    auto& title = metadata.capsule.title;
    if (!node) {
        reader.complain("title", reader.line_of_table(), "is missing: title = \"…\"");
    } else if (const auto* table = node->as_table()) {
        for (auto&& [key, text] : *table) {
            const std::string language(key.str());
            if (!is_language(language))
                reader.complain("title." + language, key.source().begin.line, "a language tag such as fr is expected");
            title[language] = reader.text_in(text, "title." + language, "a title");
        }
    } else {
        title[metadata.hints.language] = reader.text_in(*node, "title", "a title");
    }
    if (node && !title.contains("fr"))
        reader.complain("title", Reader::line(*node), "the French title is missing: title = { fr = \"…\" }");
}

void read_kind_and_duration(Reader& reader, MediaHints& hints) {
    const std::string kind = reader.text("kind", "video or image");
    if (kind == "video" || kind == "image")
        hints.kind = kind == "video" ? CapsuleKind::video : CapsuleKind::image;
    else if (!kind.empty())
        reader.complain("kind", Reader::line(*reader.get("kind")), "video or image is expected, not \"" + kind + "\"");
    const std::string duration = reader.text("duration", "a duration such as 10s");
    if (duration.empty())
        return;
    hints.duration = parse_duration(duration);
    if (!hints.duration || *hints.duration < std::chrono::seconds(1) || *hints.duration > std::chrono::minutes(10))
        reader.complain("duration", Reader::line(*reader.get("duration")), "a duration from 1s to 10min is expected, such as 10s");
}

void read_captions(Reader& reader, const std::string& name, std::string& complaint, MediaHints& hints) {
    const auto* node = reader.get("captions");
    if (!node)
        return;
    const auto* list = node->as_array();
    if (!list) {
        reader.complain("captions", Reader::line(*node), "[[captions]] with language and file is expected");
        return;
    }
    for (const auto& member : *list) {
        const auto* table = member.as_table();
        if (!table) {
            reader.complain("captions", Reader::line(member), "[[captions]] with language and file is expected");
            return;
        }
        Reader caption(*table, "captions.", name, complaint);
        caption.only({"language", "file", "drawn"});
        CaptionHint hint;
        hint.language = caption.checked("language", is_language, "a language tag such as fr");
        if (!caption.has("language"))
            hint.language = hints.language;
        hint.file = caption.text("file", "the name of a WebVTT or SRT file");
        if (!caption.has("file"))
            caption.complain("file", caption.line_of_table(), "is missing");
        hint.drawn = caption.flag("drawn", !hints.text_in_picture);
        hints.captions.push_back(std::move(hint));
    }
}

void read_rights(Reader& reader, const std::string& name, std::string& complaint, Rights& rights) {
    const auto* node = reader.get("rights");
    if (!node)
        return;
    const auto* table = node->as_table();
    if (!table) {
        reader.complain("rights", Reader::line(*node), "a table [rights] is expected");
        return;
    }
    Reader inner(*table, "rights.", name, complaint);
    inner.only({"persons", "voice", "music", "proof", "until"});
    rights.persons = inner.checked("persons", is_persons_word, "none or consent");
    rights.voice = inner.checked("voice", is_voice_word, "none, consent or synthetic");
    rights.music = inner.checked("music", is_music_word, "none, licence or society");
    rights.proof = inner.text("proof", "a text");
    rights.until = inner.date("until");
}

void read_id(Reader& reader, Capsule& capsule) {
    const std::string text = reader.text("id", "an identifier");
    if (!reader.has("id"))
        reader.complain("id", reader.line_of_table(), "is missing: id = \"mot-de-passe\"");
    const auto id = CapsuleId::parse(text);
    if (!id && !text.empty())
        reader.complain("id", Reader::line(*reader.get("id")),
                        "only a-z, 0-9 and hyphens, at most 64; for instance \"" + suggest_identifier(text) + "\"");
    if (id)
        capsule.id = *id;
}

void read_top(Reader& reader, Metadata& metadata) {
    Capsule& capsule = metadata.capsule;
    reader.only({"id", "title", "kind", "theme", "axis", "barrier", "audience", "reading", "language", "needs", "valid_from",
                 "valid_until", "review_by", "followed_by", "duration", "text_in_picture", "captions", "rights"});
    read_id(reader, capsule);
    if (reader.has("language"))
        metadata.hints.language = reader.code("language", Vocabulary::language);
    read_title(reader, metadata);
    read_kind_and_duration(reader, metadata.hints);
    capsule.kind = metadata.hints.kind.value_or(CapsuleKind::video);
    capsule.theme = reader.code("theme", Vocabulary::theme);
    capsule.axis = reader.code("axis", Vocabulary::axis);
    capsule.barrier = reader.code("barrier", Vocabulary::barrier);
    capsule.reading = reader.code("reading", Vocabulary::reading);
    for (const auto& text : reader.texts("audience", "an audience"))
        if (!text.empty())
            capsule.audience.push_back(reader.code_in(*reader.get("audience"), "audience", Vocabulary::audience, text));
    for (const auto& text : reader.texts("needs", "what the place must have, such as conseiller,")) {
        if (!text.empty() && !is_identifier(text))
            reader.complain("needs", Reader::line(*reader.get("needs")), "only a-z, 0-9 and hyphens, not \"" + text + "\"");
        capsule.needs.push_back(text);
    }
    capsule.valid_from = reader.date("valid_from");
    capsule.valid_until = reader.date("valid_until");
    metadata.review_by = reader.date("review_by");
    if (!capsule.valid_from.empty() && !capsule.valid_until.empty() && capsule.valid_until <= capsule.valid_from)
        reader.complain("valid_until", Reader::line(*reader.get("valid_until")), "a date after valid_from is expected");
    if (const std::string next = reader.checked("followed_by", is_identifier, "a capsule's id"); !next.empty())
        capsule.followed_by = CapsuleId::parse(next);
    metadata.hints.text_in_picture = reader.flag("text_in_picture", false);
}

} // namespace

Result<Metadata> metadata_from_toml(std::string_view text, const std::string& name) {
    Metadata metadata;
    std::string complaint;
    try {
        const toml::table table = toml::parse(text, name);
        Reader reader(table, "", name, complaint);
        read_top(reader, metadata);
        read_captions(reader, name, complaint, metadata.hints);
        read_rights(reader, name, complaint, metadata.rights);
    } catch (const toml::parse_error& error) {
        complaint = name + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description());
    }
    if (!complaint.empty())
        return Error{Category::invalid, complaint};
    return metadata;
}

Result<Metadata> read_metadata(const Path& file) {
    SystemDisk disk;
    std::error_code code;
    if (std::filesystem::exists(file, code) && !std::filesystem::is_regular_file(file, code))
        return Error{Category::refused, file.string() + " is not a regular file"};
    CAPSULE_TRY(text, disk.read(file, most_bytes));
    CAPSULE_TRY(metadata, metadata_from_toml(text, file.string()));
    for (auto& caption : metadata.hints.captions)
        if (caption.file.is_relative())
            caption.file = file.parent_path() / caption.file;
    return std::move(metadata);
}

} // namespace capsule
