#include "content/ingest/cell.hpp"

#include "content/base/log.hpp"
#include "content/ingest/seal.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <new>
#include <unistd.h>

namespace capsule::ingest {

namespace {

using Json = nlohmann::json;

constexpr const char* argument = "--ingest-cell";
constexpr int first_descriptor = 3; // master, media, thumbnail
constexpr int out_of_memory = 77;
constexpr std::size_t most_output = 64u << 20;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool can_limit_memory = false; // its shadow alone takes terabytes of address space
#else
constexpr bool can_limit_memory = true;
#endif

// One line a message: {"progress":0.5}, {"seal":"…"}, and at the end {"made":{…}} or {"error":{…}}.
class Answers {
public:
    explicit Answers(const std::function<void(double)>& progress) : m_progress(progress) {}
    void operator()(std::string_view bytes) {
        if (m_line.size() + bytes.size() > most_output)
            return;
        m_line += bytes;
        std::size_t begin = 0;
        for (auto end = m_line.find('\n'); end != std::string::npos; end = m_line.find('\n', begin)) {
            take(std::string_view(m_line).substr(begin, end - begin));
            begin = end + 1;
        }
        m_line.erase(0, begin);
    }
    std::optional<Result<Made>> result;

private:
    void take(std::string_view line) {
        auto json = json::parse_strict(line, {.bytes = most_output});
        if (!json || !json->is_object())
            return;
        if (json->contains("progress") && (*json)["progress"].is_number()) {
            if (m_progress)
                m_progress((*json)["progress"].get<double>());
        } else if (json->contains("seal") && (*json)["seal"].is_string()) {
            log_debug("ingest", "the cell is sealed: " + (*json)["seal"].get<std::string>());
        } else if (json->contains("made")) {
            result = made_from_json((*json)["made"]);
        } else if (json->contains("error")) {
            const Json& error = (*json)["error"];
            const int category = error.value("category", -1);
            result = Error{category >= 0 && category <= static_cast<int>(Category::bug) ? static_cast<Category>(category) : Category::invalid,
                           error.value("message", std::string("it could not be prepared"))};
        }
    }
    const std::function<void(double)>& m_progress;
    std::string m_line;
};

Error ended_without_word(const std::string& name, const ChildOutcome& outcome) {
    switch (outcome.exit_code) {
    case out_of_memory:
    case 128 + SIGKILL: // the kernel's, when memory runs out; limits and requests to stop are told otherwise
        return {Category::refused, name + ": out of memory while it was prepared: it asks for more than a master may"};
    case 128 + SIGXCPU:
        return {Category::timeout, name + ": preparing it took more processor time than a master may"};
    case 128 + SIGXFSZ:
        return {Category::refused, name + ": it lasts too long or is too rich: at most one hour is taken"};
    default:
        break;
    }
    const std::string reason = first_reason(outcome.errors);
    return {Category::invalid, name + ": what reads it ended with code " + std::to_string(outcome.exit_code) + (reason.empty() ? "" : " (" + reason + ")")};
}

void say(const Json& message) {
    const std::string line = message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    for (std::size_t done = 0; done < line.size();) {
        const ssize_t written = ::write(STDOUT_FILENO, line.data() + done, line.size() - done);
        if (written <= 0)
            ::_exit(1); // nobody listens
        done += static_cast<std::size_t>(written);
    }
}

} // namespace

Result<Made> work_in_cell(const Path& program, const WorkOrder& order, const Workpiece& piece, const std::function<void(double)>& progress,
                          const std::stop_token& stop, const CellLimits& limits) {
    ChildCommand command;
    command.arguments = {program.string(), argument, to_json(order).dump()};
    command.descriptors = {piece.master, piece.media, piece.thumbnail};
    command.limits.time = order.time + std::chrono::minutes(10); // the conversion has its own
    command.limits.cpu_seconds = limits.cpu_seconds;
    command.limits.memory_bytes = can_limit_memory ? limits.memory_bytes : 0;
    command.limits.file_bytes = limits.file_bytes;
    command.modest = true;
    command.stop = stop;
    Answers answers(progress);
    command.on_output = [&](std::string_view bytes) { answers(bytes); };
    auto outcome = run_child(command);
    if (!outcome)
        return in_context(order.name, outcome.error());
    if (!answers.result)
        return ended_without_word(order.name, *outcome);
    return std::move(*answers.result);
}

namespace {
Path& program_of_this_process() {
    static Path program;
    return program;
}
} // namespace

void use_cells_of(Path program) { program_of_this_process() = std::move(program); }
const Path& cell_program() { return program_of_this_process(); }

std::optional<int> cell_main(int argc, const char* const* argv) {
    if (argc != 3 || std::string_view(argv[1]) != argument) {
        std::error_code failed;
        if (Path program = std::filesystem::read_symlink("/proc/self/exe", failed); !failed)
            use_cells_of(std::move(program));
        return std::nullopt;
    }
    std::set_new_handler([] { ::_exit(out_of_memory); });
    const Workpiece piece{first_descriptor, first_descriptor + 1, first_descriptor + 2};
    const Seal seal = seal_process({{piece.master, false}, {piece.media, true}, {piece.thumbnail, true}});
    say({{"seal", seal.text()}});
    auto json = json::parse_strict(argv[2]);
    auto order = json ? order_from_json(*json) : Result<WorkOrder>(json.error());
    WorkControl control;
    control.isolation = Isolation::none; // it inherits this one's
    double told = 0;
    control.progress = [&](double part) {
        if (part > told + 0.002) {
            told = part;
            say({{"progress", part}});
        }
    };
    const auto made = order ? work(*order, piece, control) : Result<Made>(order.error());
    if (made)
        say({{"made", to_json(*made)}});
    else
        say({{"error", {{"category", static_cast<int>(made.error().category)}, {"message", made.error().message}}}});
    ::_exit(0); // nothing here is worth the destructors of libraries
}

} // namespace capsule::ingest
