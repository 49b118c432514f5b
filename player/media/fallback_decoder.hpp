// Decodes in hardware as long as that works, and goes on in software from the same picture when it does not: the packets of two groups
// of pictures, and all since the last picture that came, are kept for that and decoded again. What comes of them is left out until the
// picture that was given last has come by again, by its timestamp, not by what is earlier: timestamps may step back (files for broadcast,
// one behind another). No more is left out than there are packets to be decoded again. Thread-bound: to whoever feeds it.
#pragma once

#include "player/media/picture_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace capsule {

class FallbackDecoder final : public PictureDecoder {
public:
    using OpenSoftware = std::function<Result<std::unique_ptr<PictureDecoder>>()>;

    // `hardware` may be null. Errors: those of `software`, when it is needed; where it cannot be opened later, every call from then on has
    // that error.
    static Result<std::unique_ptr<FallbackDecoder>> open(std::unique_ptr<PictureDecoder> hardware, OpenSoftware software, std::string name);

    Result<void> send(const AVPacket* packet) override;
    Result<ffmpeg::Received> receive(ffmpeg::Frame& frame) override;
    // Whether hardware decodes, still.
    bool in_hardware() const { return m_hardware; }
    // Bytes of packets that are kept. At most 24 MiB: beyond, a failure costs the pictures up to the next key picture.
    std::size_t kept_bytes() const { return m_kept_bytes; }

private:
    FallbackDecoder(OpenSoftware software, std::string name) : m_open_software(std::move(software)), m_name(std::move(name)) {}
    void keep(const AVPacket* packet);
    void drop_front();
    Result<void> fall_back(const std::string& why);
    void note_given(std::int64_t timestamp);
    bool leave_out(std::int64_t timestamp);

    struct Kept {
        ffmpeg::Packet packet;
        std::int64_t timestamp = 0; // of its picture
        bool given = false;         // its picture has been
    };
    // On the way to where hardware was.
    struct Behind {
        std::int64_t last = 0;    // timestamp of the picture that was given last
        std::ptrdiff_t times = 0; // that it will come by
        std::size_t most = 0;     // pictures that are left out
    };

    const OpenSoftware m_open_software;
    const std::string m_name; // of the file, for the log
    std::unique_ptr<PictureDecoder> m_decoder; // null: neither could go on
    Error m_without;                           // why
    bool m_hardware = false, m_draining = false;
    std::deque<Kept> m_kept;
    std::size_t m_kept_bytes = 0;
    int m_unanswered = 0;                    // packets since hardware gave its last picture
    std::optional<std::int64_t> m_given;     // timestamp of the last picture that hardware gave
    std::deque<Kept> m_again;                // to be decoded again
    std::optional<Behind> m_behind;
};

} // namespace capsule
