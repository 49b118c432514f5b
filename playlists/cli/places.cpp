#include "playlists/cli/places.hpp"

#include "content/base/disk.hpp"
#include "playlists/model/programme.hpp"
#include "playlists/places/in_words.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>

namespace capsule::cli {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const std::string& file, const RowRemark& remark) {
    return {{"file", file}, {"row", remark.row}, {"id", remark.id}, {"column", remark.column}, {"what", remark.what}};
}

std::string line_of(const std::string& file, const RowRemark& remark) {
    return file + (remark.row ? ":" + std::to_string(remark.row) : "") + ": " + (remark.column.empty() ? "" : remark.column + ": ") + remark.what;
}

std::string many(std::size_t count, const char* one, const char* more) { return std::to_string(count) + " " + (count == 1 ? one : more); }

Result<Instant> moment(const PlacesOptions& options, const Zone& zone, Terminal& terminal) {
    if (options.at.empty())
        return terminal.clock.wall();
    const auto parts = parse_local_moment(options.at.size() == 16 ? options.at + ":00" : options.at);
    const auto day = parts ? parse_day(parts->date) : std::nullopt;
    if (!day)
        return Error{Category::invalid, "--at needs a local date and time such as 2026-11-24T10:00, not \"" + options.at + "\""};
    return zone.instant(*day + std::chrono::seconds{parts->seconds});
}

} // namespace

bool is_places_file(const std::string& name, std::string_view text) {
    const Path path(name);
    if (path.extension() == ".json")
        return true;
    if (path.extension() != ".csv" || path.filename().string().starts_with("sites"))
        return false;
    const std::string_view head = text.substr(0, text.find('\n'));
    return head.find("ecran_") == std::string_view::npos && head.find("offres") == std::string_view::npos;
}

Result<ReadPlaces> read_places_files(const std::vector<std::string>& names, Terminal& terminal) {
    ReadPlaces read;
    for (const std::string& name : names) {
        CAPSULE_TRY(text, terminal.disk.read(name, 16u << 20));
        CAPSULE_TRY(file, read_places(text, name));
        for (const RowRemark& refused : file.refused)
            terminal.err << line_of(name, refused) << "; the row is not taken\n";
        read.files.push_back(std::move(file));
    }
    read.merged = merge_places(read.files);
    for (const RowRemark& refused : read.merged.refused)
        terminal.err << "place \"" << refused.id << "\": " << refused.what << "\n";
    return read;
}

Result<void> run_places_import(const PlacesOptions& options, Terminal& terminal) {
    CAPSULE_TRY(read, read_places_files(options.files, terminal));
    if (!options.out.empty())
        CAPSULE_CHECK(write_durably(terminal.disk, options.out, serialise(read.merged.places)));
    if (options.json) {
        std::size_t rows = 0;
        Json refused = Json::array(), remarks = Json::array();
        for (std::size_t i = 0; i < read.files.size(); ++i) {
            rows += read.files[i].rows;
            for (const RowRemark& one : read.files[i].refused)
                refused.push_back(to_json(options.files[i], one));
            for (const RowRemark& one : read.files[i].remarks)
                remarks.push_back(to_json(options.files[i], one));
        }
        for (const RowRemark& one : read.merged.refused)
            refused.push_back(to_json("", one));
        terminal.out << Json{{"rows", rows}, {"taken", read.merged.places.size()}, {"refused", refused}, {"remarks", remarks}}.dump() << "\n";
        return {};
    }
    for (std::size_t i = 0; i < read.files.size(); ++i) {
        const PlacesFile& file = read.files[i];
        terminal.out << options.files[i] << ": " << many(file.rows, "row", "rows") << ", " << many(file.places.size(), "place", "places") << " taken, "
                     << file.refused.size() << " refused\n";
        std::map<std::string, std::pair<std::size_t, const RowRemark*>> by_column;
        for (const RowRemark& remark : file.remarks)
            ++by_column.try_emplace(remark.column, 0, &remark).first->second.first;
        for (const auto& [column, told] : by_column)
            terminal.out << "  " << column << ": " << many(told.first, "remark", "remarks") << "; the first, " << told.second->row << ": " << told.second->what << "\n";
    }
    if (read.files.size() > 1)
        terminal.out << "together: " << many(read.merged.places.size(), "place", "places") << "\n";
    return {};
}

Result<void> run_places_nearest(const PlacesOptions& options, Terminal& terminal) {
    if (!(std::fabs(options.latitude) <= 90) || !(std::fabs(options.longitude) <= 180))
        return Error{Category::invalid, "--latitude and --longitude need degrees such as 48.753 and 2.297"};
    const Zone zone("Europe/Paris");
    CAPSULE_TRY(instant, moment(options, zone, terminal));
    CAPSULE_TRY(read, read_places_files(options.files, terminal));
    const Position here{std::llround(options.latitude * 1e6), std::llround(options.longitude * 1e6)};
    const LocalDay today = zone.day(instant);
    const NearbyQuestion question{here, instant, static_cast<std::size_t>(options.count), options.all ? 25'000'000.0 : 10'000.0,
                                  options.all ? Confirmed::any : Confirmed::lately};
    Json list = Json::array();
    for (const NearbyPlace& found : nearby(read.merged.places, question, zone)) {
        const ListedPlace& place = *found.place;
        const std::string opening = in_words::opening(found.open, today);
        list.push_back({{"id", place.text("id")},
                        {"nom", place.text("nom")},
                        {"metres", std::round(found.metres * 10) / 10},
                        {"adresse", in_words::address(place)},
                        {"ouverture", opening},
                        {"notes", in_words::notes(place)},
                        {"date_maj", place.text("date_maj")}});
        if (!options.json)
            terminal.out << std::lround(found.metres) << " m  " << place.text("nom") << ", " << in_words::address(place)
                         << (opening.empty() ? "" : "; ") << opening << "\n";
    }
    if (options.json)
        terminal.out << list.dump() << "\n";
    else if (list.empty())
        terminal.out << "no place within 10 km was confirmed in the twelve months before " << to_text(today) << "\n";
    return {};
}

} // namespace capsule::cli
