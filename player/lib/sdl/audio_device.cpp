#include "player/lib/sdl/audio_device.hpp"

#include <SDL2/SDL.h>

#include <string>

namespace capsule::sdl {

struct AudioDevice::State {
    Source source;
    SDL_AudioDeviceID id = 0;
    int buffer_frames = 0;

    ~State() {
        if (id)
            SDL_CloseAudioDevice(id); // waits for the callback
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
    }
    static void pull(void* self, Uint8* bytes, int length) {
        static_cast<State*>(self)->source({reinterpret_cast<float*>(bytes), static_cast<std::size_t>(length) / sizeof(float)});
    }
};

Result<AudioDevice> AudioDevice::open(int buffer_frames, Source source) {
    if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0)
        return Error{Category::refused, std::string("no sound here: ") + SDL_GetError()};
    auto state = std::make_unique<State>();
    state->source = std::move(source);
    SDL_AudioSpec wanted{};
    wanted.freq = 48000;
    wanted.format = AUDIO_F32SYS;
    wanted.channels = 2;
    wanted.samples = static_cast<Uint16>(buffer_frames);
    wanted.callback = &State::pull;
    wanted.userdata = state.get();
    SDL_AudioSpec got{};
    state->id = SDL_OpenAudioDevice(nullptr, 0, &wanted, &got, SDL_AUDIO_ALLOW_SAMPLES_CHANGE);
    if (!state->id)
        return Error{Category::refused, std::string("the sound device cannot be opened: ") + SDL_GetError()};
    state->buffer_frames = got.samples;
    SDL_PauseAudioDevice(state->id, 0);
    return AudioDevice(std::move(state));
}

AudioDevice::AudioDevice(std::unique_ptr<State> state) : m_state(std::move(state)) {}
AudioDevice::AudioDevice(AudioDevice&&) noexcept = default;
AudioDevice& AudioDevice::operator=(AudioDevice&&) noexcept = default;
AudioDevice::~AudioDevice() = default;

int AudioDevice::buffer_frames() const { return m_state->buffer_frames; }
bool AudioDevice::alive() const { return SDL_GetAudioDeviceStatus(m_state->id) == SDL_AUDIO_PLAYING; }

} // namespace capsule::sdl
