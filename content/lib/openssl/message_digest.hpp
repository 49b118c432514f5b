// A digest by its name, of bytes that come in pieces: for protocols that let the other side choose. Thread-bound.
// What Capsule itself names by digest uses content/base/digest.hpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace capsule {

class MessageDigest {
public:
    // "sha1", "sha256"; empty for what is not known.
    static std::optional<MessageDigest> of(std::string_view algorithm);
    MessageDigest(MessageDigest&&) noexcept;
    MessageDigest& operator=(MessageDigest&&) noexcept;
    ~MessageDigest();

    void add(std::string_view bytes);
    // The digest's bytes. Once.
    std::string finish();

private:
    struct Context;
    explicit MessageDigest(std::unique_ptr<Context> context);
    std::unique_ptr<Context> m_context;
};

} // namespace capsule
