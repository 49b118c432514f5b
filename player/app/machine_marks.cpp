#include "player/app/machine_marks.hpp"

#include "content/base/digest.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <vector>

namespace capsule {

namespace {

std::string first_line(const Path& file) {
    std::ifstream in(file);
    std::string text;
    std::getline(in, text);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0' || text.back() == '\n'))
        text.pop_back();
    const auto begin = text.find_first_not_of(' ');
    return begin == std::string::npos ? std::string{} : text.substr(begin, 256);
}

// "To be filled by O.E.M.", "Default string", "0000-00…", "123456789": the same on every machine of a maker.
bool says_something(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    for (const char* word : {"filled", "default", "serial", "none", "not ", "n/a", "unknown", "invalid", "123456789", "system", "chassis",
                             "qm0000", "03000200-0400-0500-0006-000700080009"})
        if (text.find(word) != std::string::npos)
            return false;
    std::set<char> distinct;
    for (const char c : text)
        if (c != '-' && c != ':' && c != ' ' && c != '.')
            distinct.insert(c);
    return text.size() >= 4 && distinct.size() >= 3;
}

std::vector<Path> entries(const Path& folder) {
    std::vector<Path> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        found.push_back(entry->path());
    return found;
}

// Whether the device hangs on USB, and so may be on another machine tomorrow.
bool hangs_on_usb(const Path& device) {
    std::error_code error;
    const std::string real = std::filesystem::canonical(device, error).string();
    return real.find("/usb") != std::string::npos;
}

} // namespace

MachineMarks read_machine_marks(const Path& root) {
    MachineMarks marks;
    const auto add = [&](const std::string& kind, const std::string& number) {
        if (says_something(number))
            marks.insert(sha256("capsule machine mark\n" + kind + "\n" + number).hex().substr(0, 32));
    };
    for (const char* name : {"product_uuid", "product_serial", "board_serial"})
        add(name, first_line(root / "sys/class/dmi/id" / name));
    add("soc", first_line(root / "proc/device-tree/serial-number"));
    for (const Path& network : entries(root / "sys/class/net")) {
        const std::string address = first_line(network / "address");
        const bool physical = std::filesystem::exists(network / "device") && !hangs_on_usb(network / "device");
        const bool burnt_in = first_line(network / "addr_assign_type") == "0" && address.size() == 17 &&
                              std::string_view("048cAaEe048c").find(address[1]) != std::string_view::npos; // not a local address
        if (physical && burnt_in)
            add("network", address);
    }
    for (const Path& disk : entries(root / "sys/block"))
        if (std::filesystem::exists(disk / "device") && !hangs_on_usb(disk / "device") && first_line(disk / "removable") != "1")
            for (const char* name : {"serial", "cid", "wwid"})
                add("disk", first_line(disk / "device" / name));
    return marks;
}

bool may_be_one_machine(const MachineMarks& a, const MachineMarks& b) {
    return a.empty() || b.empty() || std::any_of(a.begin(), a.end(), [&](const std::string& mark) { return b.contains(mark); });
}

} // namespace capsule
