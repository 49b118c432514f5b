#include "playlists/places/places_file.hpp"

#include "content/base/csv.hpp"
#include "content/capsule/nearest.hpp"
#include "content/lib/json/strict.hpp"
#include "playlists/places/scheme.hpp"
#include "playlists/schedule/hours.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <utility>

namespace capsule {

namespace {

using Json = nlohmann::json;
using Columns = std::map<std::string, std::string, std::less<>>;

std::string trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r' || text.front() == '\n'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n'))
        text.remove_suffix(1);
    return std::string(text);
}

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

// The names under which columns are kept, in their order: the scheme's where the file has an older one and not both; a name that stands
// twice is told apart by its number.
std::vector<std::string> column_names(const std::vector<std::string>& given) {
    std::vector<std::string> plain, names;
    for (const std::string& name : given)
        plain.push_back(lower_case(trimmed(name)));
    for (std::string& name : plain) {
        const auto now = scheme::renamed(name);
        std::string kept = now && std::find(plain.begin(), plain.end(), *now) == plain.end() ? *now : name;
        if (std::find(names.begin(), names.end(), kept) != names.end())
            kept += "-" + std::to_string(names.size() + 1);
        names.push_back(std::move(kept));
    }
    return names;
}

// Takes rows one by one; the file's rules are here.
class Taker {
public:
    explicit Taker(PlacesFile& file) : m_file(file) {}

    void refuse(std::size_t row, std::string id, std::string column, std::string what) {
        ++m_file.rows;
        m_file.refused.push_back({row, std::move(id), std::move(column), std::move(what)});
    }

    // `position`: of a document, which has it ready.
    void take(std::size_t row, Columns columns, std::optional<Position> position = {}) {
        std::erase_if(columns, [](const auto& column) { return column.second.empty(); });
        m_row = row;
        m_place = {};
        m_place.columns = std::move(columns);
        m_place.position = position;
        for (const char* needed : {"id", "nom"})
            if (m_place.text(needed).empty())
                return refuse(row, m_place.text("id"), needed, "is missing");
        if (const auto [known, is_new] = m_rows.try_emplace(m_place.text("id"), row); !is_new)
            return refuse(row, m_place.text("id"), "id",
                          "\"" + m_place.text("id") + "\" is the id of an earlier place (" + std::to_string(known->second) + ")");
        for (const char* wanted : {"pivot", "commune", "code_postal", "adresse"})
            if (m_place.text(wanted).empty())
                remark(wanted, "is missing");
        read_words();
        read_date();
        read_hours();
        if (!m_place.position)
            read_position();
        ++m_file.rows;
        m_file.places.push_back(std::move(m_place));
        m_file.lines.push_back(row);
    }

private:
    void remark(std::string column, std::string what) {
        m_file.remarks.push_back({m_row, m_place.text("id"), std::move(column), std::move(what)});
    }

    void read_words() {
        for (auto& [column, text] : m_place.columns) {
            const auto words = scheme::in_its_words(column, text);
            text = words.list;
            for (const std::string& unknown : words.unknown)
                remark(column, "\"" + unknown + "\" is none of the scheme's words; kept");
            if (const auto complaint = scheme::complaint(column, text))
                remark(column, "\"" + text + "\": " + *complaint + "; kept");
        }
    }

    // A date, or the date of a date and time.
    void read_date() {
        const auto found = m_place.columns.find("date_maj");
        if (found == m_place.columns.end())
            return remark("date_maj", "is missing: the place is on no screen until it is confirmed");
        std::string& text = found->second;
        if (text.size() > 10 && (text[10] == 'T' || text[10] == ' ') && parse_day(text.substr(0, 10)))
            text.resize(10);
        if (!parse_day(text))
            remark("date_maj", "\"" + text + "\": a date such as 2026-11-22 is expected; the place is on no screen until it has one");
    }

    void read_hours() {
        const std::string& text = m_place.text("horaires");
        if (text.empty())
            return;
        if (const auto hours = parse_hours(text); !hours)
            remark("horaires", "\"" + text + "\": " + hours.error().message + "; kept, screens say nothing of the hours");
    }

    std::optional<double> degrees(const char* column, double most) {
        std::string text = m_place.text(column);
        if (text.empty())
            return std::nullopt;
        if (const std::size_t comma = text.find(','); comma != std::string::npos && text.find('.') == std::string::npos) {
            text[comma] = '.';
            remark(column, "\"" + m_place.text(column) + "\" was read as " + text);
        }
        double value = 0;
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (code == std::errc{} && end == text.data() + text.size() && std::fabs(value) <= most)
            return value;
        remark(column, "\"" + m_place.text(column) + "\": degrees with a decimal point are expected, such as 48.753; kept");
        return std::nullopt;
    }

    void read_position() {
        constexpr const char* unseen = "the place is on no screen, since its distance is not known";
        const auto latitude = degrees("latitude", 90), longitude = degrees("longitude", 180);
        if (!latitude || !longitude) {
            const bool absent = m_place.text("latitude").empty() || m_place.text("longitude").empty();
            return remark("latitude", std::string(absent ? "no position: " : "") + unseen);
        }
        if (*latitude == 0 && *longitude == 0)
            return remark("latitude", std::string("0, 0 is in the sea off Africa: ") + unseen);
        if (std::fabs(*latitude) < 11 && *longitude > 41 && *longitude < 52)
            return remark("latitude", std::string("latitude and longitude seem to have changed places: ") + unseen);
        m_place.position = Position{std::llround(*latitude * 1e6), std::llround(*longitude * 1e6)};
    }

    PlacesFile& m_file;
    std::map<std::string, std::size_t> m_rows; // by id
    std::size_t m_row = 0;
    ListedPlace m_place;
};

Result<void> read_csv(std::string_view text, PlacesFile& file) {
    CsvReader reader(text);
    const auto head = reader.next();
    if (!head)
        return Error{Category::invalid, "is empty: a line of column names and one row per place are expected"};
    if (!*head)
        return in_context("line 1", head->error());
    const auto names = column_names((*head)->fields);
    const auto& known = scheme::columns();
    for (const std::string& name : names)
        if (std::find(known.begin(), known.end(), name) == known.end() && !name.empty()) {
            const auto meant = nearest_of(known, name);
            file.remarks.push_back({reader.line(), "", name,
                                    "is no column of the scheme, or stands twice; kept" +
                                        (meant ? "; did you mean \"" + *meant + "\"?" : std::string{})});
        }
    for (const char* needed : {"id", "nom"})
        if (std::find(names.begin(), names.end(), needed) == names.end())
            return Error{Category::invalid, std::string("line 1: the column \"") + needed +
                                                "\" is missing: the national scheme of places of médiation numérique is expected"};
    Taker taker(file);
    while (auto row = reader.next()) {
        if (!*row) {
            taker.refuse(reader.line(), "", "", row->error().message);
            continue;
        }
        auto& fields = (*row)->fields;
        while (fields.size() > names.size() && fields.back().empty())
            fields.pop_back();
        if (fields.size() != names.size()) {
            taker.refuse(reader.line(), "", "",
                         std::to_string(fields.size()) + " fields where " + std::to_string(names.size()) +
                             " are expected: put a field with a separator in quotation marks");
            reader.go_back();
            continue;
        }
        Columns columns;
        for (std::size_t i = 0; i < names.size(); ++i)
            columns[names[i]] = trimmed(fields[i]);
        taker.take(reader.line(), std::move(columns));
    }
    return {};
}

std::string text_of(const Json& value) {
    if (value.is_string())
        return trimmed(value.get_ref<const std::string&>());
    if (value.is_null())
        return {};
    if (!value.is_array())
        return value.dump();
    std::string list;
    for (const Json& one : value)
        if (const std::string text = text_of(one); !text.empty())
            list += (list.empty() ? "" : "|") + text;
    return list;
}

void read_element(const Json& element, std::size_t number, Taker& taker) {
    if (!element.is_object())
        return taker.refuse(number, "", "", "an object with the scheme's columns is expected");
    std::vector<std::string> keys;
    std::vector<const Json*> values;
    for (const auto& [key, value] : element.items())
        if (key != "latitude_e6" && key != "longitude_e6") {
            keys.push_back(key);
            values.push_back(&value);
        }
    Columns columns;
    const auto names = column_names(keys);
    for (std::size_t i = 0; i < names.size(); ++i)
        columns[names[i]] = text_of(*values[i]);
    const auto degrees = [&](const char* key, std::int64_t most) -> std::optional<std::int64_t> {
        const auto found = element.find(key);
        if (found == element.end() || !found->is_number_integer())
            return std::nullopt;
        const auto value = found->get<std::int64_t>();
        return value >= -most && value <= most ? std::optional(value) : std::nullopt;
    };
    const auto latitude = degrees("latitude_e6", 90'000'000), longitude = degrees("longitude_e6", 180'000'000);
    taker.take(number, std::move(columns), latitude && longitude ? std::optional(Position{*latitude, *longitude}) : std::nullopt);
}

Result<void> read_json(std::string_view text, PlacesFile& file) {
    CAPSULE_TRY(document, json::parse_strict(text));
    const Json* list = &document;
    if (document.is_object()) {
        const auto format = document.find("format"), needs = document.find("requires"), places = document.find("places");
        if ((format != document.end() && *format != 1) || (needs != document.end() && !needs->empty()))
            return Error{Category::refused, "is of a later format than this program reads"};
        if (places == document.end())
            return Error{Category::invalid, "a list of places is expected, or an object with \"places\""};
        list = &*places;
    }
    if (!list->is_array())
        return Error{Category::invalid, "a list of places is expected"};
    Taker taker(file);
    for (std::size_t i = 0; i < list->size(); ++i)
        read_element((*list)[i], i + 1, taker);
    return {};
}

} // namespace

Result<PlacesFile> read_places(std::string_view text, const std::string& name) {
    if (text.size() > 16u << 20)
        return Error{Category::invalid, name + ": is larger than 16 MiB: keep the places around your sites"};
    PlacesFile file;
    std::string_view start = text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
    start.remove_prefix(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
    const bool is_json = start.starts_with('[') || start.starts_with('{');
    if (const auto read = is_json ? read_json(start, file) : read_csv(text, file); !read)
        return in_context(name, read.error());
    if (file.places.empty() && !file.refused.empty()) {
        const RowRemark& first = file.refused.front();
        return Error{Category::invalid, name + ": not one row is a place's; the first, " + std::to_string(first.row) + ": " +
                                            (first.column.empty() ? "" : first.column + ": ") + first.what};
    }
    return file;
}

PlacesFile merge_places(const std::vector<PlacesFile>& files) {
    PlacesFile merged;
    std::map<std::string, std::size_t> known; // by id
    for (const PlacesFile& file : files)
        for (const ListedPlace& place : file.places) {
            const std::string& id = place.text("id");
            ++merged.rows;
            const auto [earlier, is_new] = known.try_emplace(id, merged.places.size());
            if (is_new) {
                merged.places.push_back(place);
                continue;
            }
            ListedPlace& kept = merged.places[earlier->second];
            const bool newer = place.text("date_maj") > kept.text("date_maj");
            merged.refused.push_back({0, id, "id",
                                      "stands in more than one file: the row of " + (newer ? place : kept).text("date_maj") +
                                          " counts, not that of " + (newer ? kept : place).text("date_maj")});
            if (newer)
                kept = place;
        }
    return merged;
}

std::string serialise(const std::vector<ListedPlace>& places) {
    Json list = Json::array();
    for (const ListedPlace& place : places) {
        Json one = Json::object();
        for (const auto& [column, text] : place.columns)
            if (!place.position || (column != "latitude" && column != "longitude"))
                one[column] = text;
        if (place.position) {
            one["latitude_e6"] = place.position->latitude_e6;
            one["longitude_e6"] = place.position->longitude_e6;
        }
        list.push_back(std::move(one));
    }
    return Json{{"format", 1}, {"requires", Json::array()}, {"places", std::move(list)}}.dump();
}

} // namespace capsule
