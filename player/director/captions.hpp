// The captions of one item, if it has any that can be read. Made on the preparing thread, then used by the presenting thread alone.
#pragma once

#include "content/drawing/picture.hpp"
#include "player/playback/item.hpp"

#include <memory>
#include <string>
#include <vector>

namespace capsule {

class Captions {
public:
    // Of an item without captions, or whose captions cannot be read (which is logged): none.
    static Captions open(const PlayItem& item, Size stage);
    Captions();
    Captions(Captions&&) noexcept;
    Captions& operator=(Captions&&) noexcept;
    ~Captions();

    // What to blend over the picture at that time of the item. Good until the next call.
    const std::vector<PlacedPicture>& at(Nanoseconds time);
    // Of what was drawn so far: the language, or empty when nothing was.
    const std::string& drawn() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace capsule
