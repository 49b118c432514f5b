// Memory for decoded pictures. Thread-safe: frames may be given back on any thread, also after their decoder and this object are gone.
#pragma once

#include <memory>

struct AVCodecContext;
struct AVFrame;

namespace capsule::ffmpeg {

// Pictures lie one behind the other in blocks that the kernel may back by large pages: a decoder jumps about in the pictures that it
// predicts from, and with small pages it spends 3 % of its time on finding them. A picture on its own would waste up to a large page.
class FrameMemory {
public:
    FrameMemory();
    ~FrameMemory();

    // Makes the decoder take its pictures from here. Before avcodec_open2; this object must live as long as the context.
    void serve(AVCodecContext& context);

private:
    struct State;
    static int get_buffer(AVCodecContext* context, AVFrame* frame, int flags);
    std::unique_ptr<State> m_state;
};

} // namespace capsule::ffmpeg
