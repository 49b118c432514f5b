#include "content/capsule/metadata.hpp"

#include "content/capsule/fields.hpp"
#include "content/capsule/table_reader.hpp"
#include "content/capsule/vocabulary.hpp"

namespace capsule {

namespace {

constexpr std::uint64_t most_bytes = 256 * 1024;

std::string checked(TableReader& reader, std::string_view key, bool (*good)(std::string_view), const char* expected) {
    std::string value = reader.text(key, expected);
    if (value.empty() || good(value))
        return value;
    reader.complain(key, std::string(expected) + " is expected, not \"" + value + "\"");
    return {};
}

std::string known_code(TableReader& reader, std::string_view key, Vocabulary vocabulary, const std::string& value) {
    auto found = code_of(vocabulary, value);
    if (!found)
        reader.complain(key, not_known(vocabulary, value));
    return found ? *found : std::string();
}

std::string code(TableReader& reader, std::string_view key, Vocabulary vocabulary) {
    const std::string value = reader.text(key, "a code of the vocabulary");
    return value.empty() ? value : known_code(reader, key, vocabulary, value);
}

std::vector<std::string> texts(TableReader& reader, std::string_view key, const char* expected) {
    std::vector<std::string> found;
    const TomlValue* value = reader.get(key);
    const auto* list = value ? value->as<std::vector<TomlValue>>() : nullptr;
    if (value && !list)
        reader.complain(key, "a list in square brackets is expected");
    if (list)
        for (const TomlValue& member : *list)
            found.push_back(reader.text_in(member, key, expected));
    return found;
}

// A TOML date, or the same in quotation marks.
std::string date(TableReader& reader, std::string_view key) {
    const TomlValue* value = reader.get(key);
    if (!value)
        return {};
    if (const auto* day = value->as<TomlDate>())
        return day->text;
    if (const auto* text = value->as<std::string>(); text && is_date(*text))
        return *text;
    reader.complain(key, "a date such as 2026-01-31 is expected");
    return {};
}

void read_title(TableReader& reader, Metadata& metadata) {
    const auto* node = reader.get("title");
    auto& title = metadata.capsule.title;
    if (!node) {
        reader.complain("title", "is missing: title = \"…\"");
    } else if (const auto* table = node->as<TomlTable>()) {
        for (const auto& [language, line, text] : table->entries) {
            if (!is_language(language))
                reader.complain("title." + language, line, "a language tag such as fr is expected");
            title[language] = reader.text_in(text, "title." + language, "a title");
        }
    } else {
        title[metadata.hints.language] = reader.text_in(*node, "title", "a title");
    }
    if (node && !title.contains("fr"))
        reader.complain("title", "the French title is missing: title = { fr = \"…\" }");
}

void read_kind_and_duration(TableReader& reader, MediaHints& hints) {
    const std::string kind = reader.text("kind", "video or image");
    if (kind == "video" || kind == "image")
        hints.kind = kind == "video" ? CapsuleKind::video : CapsuleKind::image;
    else if (!kind.empty())
        reader.complain("kind", "video or image is expected, not \"" + kind + "\"");
    const std::string duration = reader.text("duration", "a duration such as 10s");
    if (duration.empty())
        return;
    hints.duration = parse_duration(duration);
    if (!hints.duration || *hints.duration < std::chrono::seconds(1) || *hints.duration > std::chrono::minutes(10))
        reader.complain("duration", "a duration from 1s to 10min is expected, such as 10s");
}

void read_captions(TableReader& reader, MediaHints& hints) {
    const auto* node = reader.get("captions");
    if (!node)
        return;
    const auto* list = node->as<std::vector<TomlValue>>();
    if (!list) {
        reader.complain("captions", "[[captions]] with language and file is expected");
        return;
    }
    for (const auto& member : *list) {
        const auto* table = member.as<TomlTable>();
        if (!table) {
            reader.complain("captions", member.line, "[[captions]] with language and file is expected");
            return;
        }
        TableReader caption = reader.inside(*table, "captions.");
        caption.only({"language", "file", "drawn"});
        CaptionHint hint;
        hint.language = checked(caption, "language", is_language, "a language tag such as fr");
        if (!caption.has("language"))
            hint.language = hints.language;
        hint.file = caption.text("file", "the name of a WebVTT or SRT file");
        if (!caption.has("file"))
            caption.complain("file", "is missing");
        hint.drawn = caption.flag("drawn", !hints.text_in_picture);
        hints.captions.push_back(std::move(hint));
    }
}

void read_rights(TableReader& reader, Rights& rights) {
    const auto* node = reader.get("rights");
    if (!node)
        return;
    const auto* table = node->as<TomlTable>();
    if (!table) {
        reader.complain("rights", "a table [rights] is expected");
        return;
    }
    TableReader inner = reader.inside(*table, "rights.");
    inner.only({"persons", "voice", "music", "proof", "until"});
    rights.persons = checked(inner, "persons", is_persons_word, "none or consent");
    rights.voice = checked(inner, "voice", is_voice_word, "none, consent or synthetic");
    rights.music = checked(inner, "music", is_music_word, "none, licence or society");
    rights.proof = inner.text("proof", "a text");
    rights.until = date(inner, "until");
}

void read_id(TableReader& reader, Capsule& capsule) {
    const std::string text = reader.text("id", "an identifier");
    if (!reader.has("id"))
        reader.complain("id", "is missing: id = \"mot-de-passe\"");
    const auto id = CapsuleId::parse(text);
    if (!id && !text.empty())
        reader.complain("id", "only a-z, 0-9 and hyphens, at most 64; for instance \"" + suggest_identifier(text) + "\"");
    if (id)
        capsule.id = *id;
}

void read_top(TableReader& reader, Metadata& metadata) {
    Capsule& capsule = metadata.capsule;
    reader.only({"id", "title", "kind", "theme", "axis", "barrier", "audience", "reading", "language", "needs", "valid_from",
                 "valid_until", "review_by", "followed_by", "duration", "text_in_picture", "captions", "rights"});
    read_id(reader, capsule);
    if (reader.has("language"))
        metadata.hints.language = code(reader, "language", Vocabulary::language);
    read_title(reader, metadata);
    read_kind_and_duration(reader, metadata.hints);
    capsule.kind = metadata.hints.kind.value_or(CapsuleKind::video);
    capsule.theme = code(reader, "theme", Vocabulary::theme);
    capsule.axis = code(reader, "axis", Vocabulary::axis);
    capsule.barrier = code(reader, "barrier", Vocabulary::barrier);
    capsule.reading = code(reader, "reading", Vocabulary::reading);
    for (const auto& text : texts(reader, "audience", "an audience"))
        if (!text.empty())
            capsule.audience.push_back(known_code(reader, "audience", Vocabulary::audience, text));
    for (const auto& text : texts(reader, "needs", "what the place must have, such as conseiller,")) {
        if (!text.empty() && !is_identifier(text))
            reader.complain("needs", "only a-z, 0-9 and hyphens, not \"" + text + "\"");
        capsule.needs.push_back(text);
    }
    capsule.valid_from = date(reader, "valid_from");
    capsule.valid_until = date(reader, "valid_until");
    metadata.review_by = date(reader, "review_by");
    if (!capsule.valid_from.empty() && !capsule.valid_until.empty() && capsule.valid_until <= capsule.valid_from)
        reader.complain("valid_until", "a date after valid_from is expected");
    if (const std::string next = checked(reader, "followed_by", is_identifier, "a capsule's id"); !next.empty())
        capsule.followed_by = CapsuleId::parse(next);
    metadata.hints.text_in_picture = reader.flag("text_in_picture", false);
}

} // namespace

Result<Metadata> metadata_from_toml(std::string_view text, const std::string& name) {
    CAPSULE_TRY(table, parse_toml(text, name, most_bytes));
    Metadata metadata;
    std::string complaint;
    TableReader reader(table, "", name, complaint);
    read_top(reader, metadata);
    read_captions(reader, metadata.hints);
    read_rights(reader, metadata.rights);
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
