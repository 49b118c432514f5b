// capsule-tuf-client: a client of any repository of The Update Framework, by the product's own reader.
//   --metadata-dir DIR init TRUSTED_ROOT
//   --metadata-dir DIR --metadata-url URL refresh
//   --metadata-dir DIR --metadata-url URL --target-name NAME… --target-base-url URL --target-dir DIR download
// Exit code 0 when the command succeeded in full, 1 otherwise. DIR holds what is trusted after each step.
#include "content/lib/curl/session.hpp"
#include "tests/tools/delegation_search.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

using namespace capsule;

namespace {

struct Options {
    std::string metadata_dir, metadata_url, trusted_root, target_base_url, target_dir;
    std::vector<std::string> targets;
};

int fail(const std::string& message) {
    std::cerr << "capsule-tuf-client: " << message << "\n";
    return 1;
}

std::string with_slash(std::string url) {
    return url.ends_with('/') ? url : url + "/";
}

class Downloads {
public:
    Result<std::string> get(const std::string& url, std::uint64_t most) {
        http::Request request;
        request.url = url;
        request.most_bytes = most;
        CAPSULE_TRY(response, m_session.perform(request));
        if (response.status == 404 || response.status == 403)
            return Error{Category::missing, url + " answers " + std::to_string(response.status)};
        if (response.status != 200)
            return Error{Category::io, url + " answers " + std::to_string(response.status)};
        return std::move(response.body);
    }

private:
    http::Session m_session{http::Settings{}};
};

int init(const Options& options, Disk& disk) {
    tuf::TrustStore store(disk, options.metadata_dir, tuf::RootHistory::none);
    const auto bytes = disk.read(options.trusted_root, 1u << 20);
    if (!bytes)
        return fail(bytes.error().message);
    const auto refusal = tuf::trust_first_root(store, *bytes);
    return refusal ? fail(tuf::to_error(*refusal).message) : 0;
}

bool refresh(const Options& options, tuf::Client& client, Downloads& downloads, Instant now) {
    client.begin(now);
    while (const auto wanted = client.wanted()) {
        auto bytes = downloads.get(with_slash(options.metadata_url) + wanted->name, wanted->most);
        if (bytes)
            client.received(std::move(*bytes));
        else if (bytes.error().category == Category::missing)
            client.absent();
        else
            client.failed(bytes.error());
    }
    if (client.refusal())
        fail(tuf::to_error(*client.refusal()).message);
    return !client.refusal();
}

// "dir/name" → "dir/HASH.name", each part encoded.
std::string address_of(const std::string& target, const tuf::TargetEntry& entry, bool consistent) {
    std::string encoded;
    std::size_t from = 0;
    for (std::size_t slash; (slash = target.find('/', from)) != std::string::npos; from = slash + 1)
        encoded += http::percent_encoded(target.substr(from, slash - from)) + "/";
    if (consistent) {
        const auto sha256 = entry.hashes.find("sha256"), sha512 = entry.hashes.find("sha512");
        if (sha256 != entry.hashes.end())
            encoded += sha256->second + ".";
        else if (sha512 != entry.hashes.end())
            encoded += sha512->second + ".";
    }
    return encoded + http::percent_encoded(target.substr(from));
}

Result<void> download(const Options& options, const tuf::Client& client, tuf::DelegationSearch& search, Downloads& downloads, Disk& disk,
                      const std::string& target) {
    CAPSULE_TRY(entry, search.find(target));
    const Path file = Path(options.target_dir) / http::percent_encoded(target);
    const auto right = [&entry_ = entry](const std::string& bytes) {
        return bytes.size() == entry_.length && tuf::hashes_hold(entry_.hashes, bytes);
    };
    if (const auto here = disk.read(file, entry.length); here && right(*here))
        return {};
    CAPSULE_TRY(bytes, downloads.get(with_slash(options.target_base_url) + address_of(target, entry, client.root()->consistent_snapshot),
                                     entry.length));
    if (!right(bytes))
        return tuf::to_error({tuf::Reason::mismatch, target, "not the length or digest that signed metadata announces"});
    CAPSULE_CHECK(disk.make_directories(options.target_dir));
    return write_durably(disk, file, bytes);
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"A client of any repository of The Update Framework.", "capsule-tuf-client"};
    app.add_option("--metadata-dir", options.metadata_dir, "Folder of the trusted metadata")->required();
    app.add_option("--metadata-url", options.metadata_url, "Where the repository's metadata are");
    app.add_option("--target-name", options.targets, "Target to download; may be repeated")->expected(1)->take_all();
    app.add_option("--target-base-url", options.target_base_url, "Where the repository's targets are");
    app.add_option("--target-dir", options.target_dir, "Folder for downloaded targets");
    app.require_subcommand(1);
    app.fallthrough();
    auto* first = app.add_subcommand("init", "Trust a first root.json; no request is made");
    first->add_option("TRUSTED_ROOT", options.trusted_root, "The root.json to trust")->required();
    auto* second = app.add_subcommand("refresh", "Bring the trusted metadata up to date");
    auto* third = app.add_subcommand("download", "Refresh, then fetch targets");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return error.get_exit_code() == 0 ? app.exit(error) : fail(std::string(error.what()) + " (see --help)");
    }
    SystemDisk disk;
    if (*first)
        return init(options, disk);
    if (options.metadata_url.empty())
        return fail("--metadata-url is needed");
    if (*third && (options.targets.empty() || options.target_base_url.empty() || options.target_dir.empty()))
        return fail("--target-name, --target-base-url and --target-dir are needed");
    const Instant now = SystemClock{}.wall();
    tuf::TrustStore store(disk, options.metadata_dir, tuf::RootHistory::none);
    tuf::Client client(store);
    Downloads downloads;
    if (!refresh(options, client, downloads, now))
        return 1;
    if (*second)
        return 0;
    tuf::DelegationSearch search(client, disk, options.metadata_dir, now, [&](const std::string& name, std::uint64_t most) {
        return downloads.get(with_slash(options.metadata_url) + name, most);
    });
    for (const std::string& target : options.targets)
        if (const auto done = download(options, client, search, downloads, disk, target); !done)
            return fail(done.error().message);
    return 0;
}
