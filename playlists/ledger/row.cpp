#include "playlists/ledger/row.hpp"

#include "content/base/encoding.hpp"
#include "content/lib/json/strict.hpp"
#include "playlists/ledger/fields.hpp"
#include "playlists/ledger/limits.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace capsule {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t most = ledger_limits::largest_number;

template <typename E, std::size_t N>
using Names = std::array<std::pair<E, const char*>, N>;

constexpr Names<ShownItem, 5> item_names{{{ShownItem::capsule, "capsule"},
                                          {ShownItem::qr_card, "qr-card"},
                                          {ShownItem::card, "card"},
                                          {ShownItem::notice, "notice"},
                                          {ShownItem::fallback, "fallback"}}};
constexpr Names<ShowingEnd, 5> end_names{{{ShowingEnd::complete, "complete"},
                                          {ShowingEnd::cut, "cut"},
                                          {ShowingEnd::skipped, "skipped"},
                                          {ShowingEnd::failed, "failed"},
                                          {ShowingEnd::stopped, "stopped"}}};
constexpr Names<PanelState, 3> panel_names{
    {{PanelState::on, "on"}, {PanelState::off, "off"}, {PanelState::unknown, "unknown"}}};

template <typename E, std::size_t N>
const char* name_of(const Names<E, N>& names, E value) {
    for (const auto& [known, name] : names)
        if (known == value)
            return name;
    return "";
}

// Canonical JSON leaves control characters bare, which JSON itself forbids: they become spaces, so that every row can be read again.
// In text that is not UTF-8 each foreign byte becomes a question mark.
std::string printable(std::string_view text) {
    const bool sound = is_utf8(text);
    std::string out(text);
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20)
            c = ' ';
        else if (!sound && static_cast<unsigned char>(c) >= 0x80)
            c = '?';
    }
    return out;
}

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(printable(text)); }

void write_body(Json& out, const ShowingRow& row) {
    out["kind"] = "showing";
    out["boot_start_ms"] = row.boot_start_ms;
    out["boot_end_ms"] = row.boot_end_ms;
    out["wall_start_ms"] = row.wall_start_ms;
    out["clock"] = row.clock_synced ? "synced" : "unsynced";
    out["clock_error_ms"] = row.clock_error_ms ? Json(*row.clock_error_ms) : Json(nullptr);
    out["programme"] = row.programme;
    out["fleet"] = row.fleet;
    out["screen"] = text_or_null(row.screen.text());
    out["site"] = text_or_null(row.site.text());
    out["playlist"] = text_or_null(row.playlist.text());
    out["item"] = name_of(item_names, row.item);
    out["capsule"] = text_or_null(row.capsule.text());
    out["version"] = text_or_null(row.version);
    out["language"] = text_or_null(row.language);
    out["due_ms"] = row.due_ms;
    out["shown_ms"] = row.shown_ms;
    out["frames_due"] = row.frames_due;
    out["frames_shown"] = row.frames_shown;
    out["frames_late"] = row.frames_late;
    out["end"] = name_of(end_names, row.end);
    out["panel"] = name_of(panel_names, row.panel);
    out["sound"] = printable(row.sound);
    out["captions"] = printable(row.captions);
}

void write_body(Json& out, const AnchorRow& row) {
    out["kind"] = "anchor";
    out["boot_ms"] = row.boot_ms;
    out["utc_ms"] = row.utc_ms;
    out["error_ms"] = row.error_ms;
    out["source"] = printable(row.source);
}

void write_body(Json& out, const GapRow& row) {
    out["kind"] = "gap";
    out["count"] = row.count;
    out["boot_start_ms"] = row.boot_start_ms;
    out["boot_end_ms"] = row.boot_end_ms;
    out["reason"] = printable(row.reason);
    if (row.lost) {
        out["lost_journal"] = row.lost->journal;
        out["lost_first"] = row.lost->first;
        out["lost_last"] = row.lost->last;
    }
}

void write_body(Json& out, const StateRow& row) {
    out["kind"] = "state";
    out["boot_ms"] = row.boot_ms;
    out["wall_ms"] = row.wall_ms;
    out["what"] = printable(row.what);
    out["value"] = printable(row.value);
}

// Takes fields out of the object; the first complaint stands, what comes after it reads as empty.
class Reader {
public:
    explicit Reader(const RowFields& fields) : m_fields(fields) {}

    const std::string& complaint() const { return m_complaint; }
    void complain(std::string_view field, std::string_view why) {
        if (m_complaint.empty())
            m_complaint = "\"" + std::string(field) + "\" " + std::string(why);
    }

    bool has(const char* field) const { return m_fields.find(field) != nullptr; }
    std::int64_t number(const char* field, std::int64_t lowest, std::int64_t highest = most) {
        const FieldValue* value = find(field);
        if (!value)
            return lowest;
        return checked(field, *value, lowest, highest);
    }
    std::optional<std::int64_t> number_or_null(const char* field, std::int64_t lowest) {
        const FieldValue* value = find(field);
        if (!value || value->kind == FieldValue::Kind::null)
            return std::nullopt;
        return checked(field, *value, lowest, most);
    }
    std::string text(const char* field, std::size_t longest, bool empty_allowed = false) {
        return std::string(view(field, longest, empty_allowed));
    }
    std::string text_or_null(const char* field, std::size_t longest) { return std::string(view_or_null(field, longest)); }
    std::string digits(const char* field, std::size_t length) {
        return std::string(checked_digits(field, view(field, length), length));
    }
    std::string digits_or_null(const char* field, std::size_t length) {
        const std::string_view content = view_or_null(field, length);
        return std::string(content.empty() ? content : checked_digits(field, content, length));
    }
    template <typename Id>
    Id identifier_or_null(const char* field) {
        const std::string_view content = view_or_null(field, 64);
        if (content.empty())
            return {};
        std::optional<Id> id = Id::parse(content);
        if (!id)
            complain(field, "is no identifier");
        return id.value_or(Id{});
    }
    template <typename E, std::size_t N>
    E one_of(const char* field, const Names<E, N>& names) {
        const std::string_view content = view(field, 32);
        for (const auto& [value, name] : names)
            if (content == name)
                return value;
        complain(field, "is none of the known words");
        return names.front().first;
    }

private:
    const FieldValue* find(const char* field) {
        const FieldValue* value = m_fields.find(field);
        if (!value)
            complain(field, "is missing");
        return value;
    }
    std::string_view view(const char* field, std::size_t longest, bool empty_allowed = false) {
        const FieldValue* value = find(field);
        if (!value)
            return {};
        if (value->kind != FieldValue::Kind::text) {
            complain(field, "is no text");
            return {};
        }
        if ((value->text.empty() && !empty_allowed) || value->text.size() > longest) {
            complain(field, "is empty or too long");
            return {};
        }
        return value->text;
    }
    std::string_view view_or_null(const char* field, std::size_t longest) {
        const FieldValue* value = find(field);
        return !value || value->kind == FieldValue::Kind::null ? std::string_view{} : view(field, longest);
    }
    std::int64_t checked(const char* field, const FieldValue& value, std::int64_t lowest, std::int64_t highest) {
        if (value.kind != FieldValue::Kind::number || value.number < lowest || value.number > highest) {
            complain(field, "is no whole number in its range");
            return lowest;
        }
        return value.number;
    }
    std::string_view checked_digits(const char* field, std::string_view content, std::size_t length) {
        const bool hex =
            std::all_of(content.begin(), content.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
        if (content.size() != length || !hex) {
            complain(field, "is not " + std::to_string(length) + " lower-case hexadecimal digits");
            return {};
        }
        return content;
    }

    const RowFields& m_fields;
    std::string m_complaint;
};

ShowingRow read_showing(Reader& in) {
    ShowingRow row;
    row.boot_start_ms = in.number("boot_start_ms", 0);
    row.boot_end_ms = in.number("boot_end_ms", row.boot_start_ms);
    row.wall_start_ms = in.number("wall_start_ms", -most);
    row.clock_synced = in.one_of("clock", Names<bool, 2>{{{true, "synced"}, {false, "unsynced"}}});
    row.clock_error_ms = in.number_or_null("clock_error_ms", 0);
    row.programme = in.number("programme", 0);
    row.fleet = in.number("fleet", 0);
    row.screen = in.identifier_or_null<ScreenId>("screen");
    row.site = in.identifier_or_null<SiteId>("site");
    row.playlist = in.identifier_or_null<PlaylistId>("playlist");
    row.item = in.one_of("item", item_names);
    row.capsule = in.identifier_or_null<CapsuleId>("capsule");
    if (row.item == ShownItem::capsule && row.capsule.empty())
        in.complain("capsule", "is null though the item is a capsule");
    row.version = in.digits_or_null("version", 64);
    row.language = in.text_or_null("language", 35);
    row.due_ms = in.number("due_ms", 0);
    row.shown_ms = in.number("shown_ms", 0);
    row.frames_due = in.number("frames_due", 0);
    row.frames_shown = in.number("frames_shown", 0);
    row.frames_late = in.number("frames_late", 0);
    row.end = in.one_of("end", end_names);
    row.panel = in.one_of("panel", panel_names);
    row.sound = in.text("sound", 32);
    row.captions = in.text("captions", 35);
    return row;
}

AnchorRow read_anchor(Reader& in) {
    return {in.number("boot_ms", 0), in.number("utc_ms", 0), in.number("error_ms", 0), in.text("source", 32)};
}

GapRow read_gap(Reader& in) {
    GapRow row;
    row.count = in.number("count", 0);
    row.boot_start_ms = in.number("boot_start_ms", 0);
    row.boot_end_ms = in.number("boot_end_ms", row.boot_start_ms);
    row.reason = in.text("reason", 200);
    if (in.has("lost_journal")) {
        LostRows lost{in.digits("lost_journal", 32), in.number("lost_first", 1), 0};
        lost.last = in.number("lost_last", lost.first);
        row.lost = std::move(lost);
    }
    return row;
}

StateRow read_state(Reader& in) {
    StateRow row;
    row.boot_ms = in.number("boot_ms", 0);
    row.wall_ms = in.number("wall_ms", -most);
    row.what = in.text("what", 64);
    row.value = in.text("value", 500, true);
    return row;
}

} // namespace

std::string serialise(const Row& row) {
    Json out;
    out["format"] = 1;
    out["device"] = row.header.device;
    out["journal"] = row.header.journal;
    out["seq"] = row.header.seq;
    out["prev"] = row.header.prev.hex();
    out["boot"] = row.header.boot;
    std::visit([&](const auto& body) { write_body(out, body); }, row.body);
    Result<std::string> bytes = json::canonical(out);
    return bytes ? *std::move(bytes) : std::string{}; // no value above can be refused: texts, integers, null
}

Result<Row> parse_row(std::string_view bytes) {
    const Result<RowFields> fields = RowFields::read(bytes);
    if (!fields)
        return in_context("ledger row", fields.error());
    Reader in(*fields);
    const std::int64_t format = in.number("format", 1);
    if (in.complaint().empty() && format != 1)
        return Error{Category::refused, "ledger row: format " + std::to_string(format) + " is newer than this program; update it"};

    Row row;
    row.header.device = in.digits("device", 16);
    row.header.journal = in.digits("journal", 32);
    row.header.seq = in.number("seq", 1);
    row.header.prev = Digest::parse(in.digits("prev", 64)).value_or(Digest{});
    row.header.boot = in.text("boot", 64);
    const std::string kind = in.text("kind", 32);
    if (kind == "showing")
        row.body = read_showing(in);
    else if (kind == "anchor")
        row.body = read_anchor(in);
    else if (kind == "gap")
        row.body = read_gap(in);
    else if (kind == "state")
        row.body = read_state(in);
    else
        in.complain("kind", "is none of showing, anchor, gap, state");
    if (!in.complaint().empty())
        return Error{Category::invalid, "ledger row: " + in.complaint()};

    if (!fields->canonical())
        return Error{Category::invalid, "ledger row: the bytes are not canonical JSON"};
    return row;
}

Digest row_digest(std::string_view bytes) { return sha256(bytes); }

} // namespace capsule
