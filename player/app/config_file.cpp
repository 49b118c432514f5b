#include "player/app/config_file.hpp"

#include <toml++/toml.h>

#include <functional>
#include <map>

namespace capsule {

namespace {

using Take = std::function<std::string(const toml::node&)>; // what was expected, if it is not that

Take text_into(std::string& target) {
    return [&target](const toml::node& node) {
        const auto value = node.value_exact<std::string>();
        if (value && target.empty())
            target = *value;
        return value ? std::string{} : std::string("a text in quotes");
    };
}

} // namespace

Result<void> read_config(const Path& file, Disk& disk, Options& options) {
    CAPSULE_TRY(text, disk.read(file, 1u << 20));
    toml::table table;
    try {
        table = toml::parse(text, file.string());
    } catch (const toml::parse_error& error) {
        return Error{Category::invalid, file.string() + " line " + std::to_string(error.source().begin.line) + ": " +
                                            std::string(error.description())};
    }
    std::string store = options.store.string(), root = options.root.string();
    const std::map<std::string, Take, std::less<>> keys{
        {"server", text_into(options.server)},
        {"store", text_into(store)},
        {"connector", text_into(options.connector)},
        {"root", text_into(root)},
        {"public_url", text_into(options.public_url)},
        {"poll",
         [&](const toml::node& node) {
             const auto value = node.value_exact<std::string>();
             const auto duration = value ? parse_duration(*value) : std::nullopt;
             if (duration && duration->count() > 0 && !options.poll_given)
                 options.poll_interval = *duration;
             return duration && duration->count() > 0 ? std::string{} : std::string("a duration such as \"60s\"");
         }},
        {"proxy", text_into(options.sync.proxy)},
        {"ca_bundle", text_into(options.sync.ca_bundle)},
        {"bandwidth",
         [&](const toml::node& node) {
             const auto value = node.value_exact<std::string>();
             const auto parsed = value ? parse_bandwidth(*value) : std::nullopt;
             if (parsed && options.sync.bytes_per_second == 0)
                 options.sync.bytes_per_second = *parsed;
             return parsed ? std::string{} : std::string("a rate such as \"500kB/s\" or \"4Mbit/s\"");
         }},
        {"download_hours",
         [&](const toml::node& node) {
             const auto value = node.value_exact<std::string>();
             SyncOptions read;
             if (!value || !set_hours(read, *value))
                 return std::string("hours such as \"20:00-06:00\" or \"Mo-Fr 18:00-08:00; Sa-Su 00:00-24:00\"");
             if (!options.sync.hours)
                 (void)set_hours(options.sync, *value);
             return std::string{};
         }},
        {"source",
         [&](const toml::node& node) {
             const std::string expected = "tables [[source]] with address and, if wanted, bandwidth";
             const toml::array* tables = node.as_array();
             if (!tables)
                 return expected;
             std::vector<SourceOption> read;
             for (const toml::node& entry : *tables) {
                 const toml::table* source = entry.as_table();
                 const auto address = source ? (*source)["address"].value_exact<std::string>() : std::nullopt;
                 if (!address || address->empty())
                     return expected;
                 read.push_back({*address, 0});
                 for (const auto& [name, value] : *source) {
                     if (name.str() == "address")
                         continue;
                     const auto wanted = name.str() == "bandwidth" ? value.value_exact<std::string>() : std::nullopt;
                     const auto rate = wanted ? parse_bandwidth(*wanted) : std::nullopt;
                     if (!rate)
                         return expected;
                     read.back().bytes_per_second = *rate;
                 }
             }
             if (options.sync.sources.empty())
                 options.sync.sources = std::move(read);
             return std::string{};
         }},
        {"sound",
         [&](const toml::node& node) {
             const auto value = node.value_exact<bool>();
             options.sound = options.sound || value.value_or(false);
             return value ? std::string{} : std::string("true or false");
         }},
        {"rotation",
         [&](const toml::node& node) {
             const auto value = node.value_exact<std::int64_t>();
             const bool right = value && (*value == 0 || *value == 90 || *value == 180 || *value == 270);
             if (right && options.stage.quarter_turns == 0)
                 options.stage.quarter_turns = static_cast<int>(*value / 90);
             return right ? std::string{} : std::string("0, 90, 180 or 270");
         }},
        {"overscan",
         [&](const toml::node& node) {
             const auto value = node.value<double>();
             const bool right = value && *value >= 0 && *value <= 10;
             if (right && options.stage.margin == 0)
                 options.stage.margin = *value / 100;
             return right ? std::string{} : std::string("a number of percent, 0 to 10");
         }},
        {"display",
         [&](const toml::node& node) {
             const auto value = node.value_exact<std::int64_t>();
             const bool right = value && *value >= 0 && *value < 64;
             if (right && options.stage.display == 0)
                 options.stage.display = static_cast<int>(*value);
             return right ? std::string{} : std::string("a number from 0");
         }},
    };
    for (const auto& [key, node] : table) {
        const std::string place = file.string() + " line " + std::to_string(node.source().begin.line) + ": ";
        const auto known = keys.find(std::string_view(key.str()));
        if (known == keys.end()) {
            std::string names;
            for (const auto& [name, unused] : keys)
                names += (names.empty() ? "" : ", ") + name;
            return Error{Category::invalid, place + "no key " + std::string(key.str()) + " is known; there are " + names};
        }
        if (const std::string expected = known->second(node); !expected.empty())
            return Error{Category::invalid, place + std::string(key.str()) + ": expected " + expected};
    }
    options.store = store;
    options.root = root;
    return {};
}

} // namespace capsule
