#include "content/ingest/profile.hpp"

#include "content/lib/ffmpeg/input.hpp"

#include <algorithm>

namespace capsule::ingest {

namespace {

using Arguments = std::vector<std::string>;

void append(Arguments& to, Arguments more) { to.insert(to.end(), more.begin(), more.end()); }

// Opens descriptor 3 as what the probe found it to be, and nothing else.
Arguments begin(const std::string& format) {
    return {"ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1", "-stats_period", "0.2",
            "-protocol_whitelist", "file", "-format_whitelist", ffmpeg::format_whitelist(), "-codec_whitelist", ffmpeg::codec_whitelist(),
            "-max_pixels", std::to_string(ffmpeg::Limits{}.max_pixels), "-threads", "2", "-f", format, "-i", "file:/proc/self/fd/3"};
}

// Fits upright pictures into 1920 × 1080 and tall ones into 1080 × 1920, square pixels, even sizes of at least 16; never
// enlarged but for that. In ffmpeg's expressions, since only there rotation is already applied.
std::string fit(const std::string& more) {
    const std::string wide = "iw*max(sar,1)", high = "ih/min(sar,1)";
    const std::string factor = "min(1,min(" + std::to_string(long_side) + "/max(" + wide + "," + high + ")," +
                               std::to_string(short_side) + "/min(" + wide + "," + high + ")))";
    const auto even = [&](const std::string& side) { return "'max(16,2*round(" + side + "*" + factor + "/2))'"; };
    return "scale=w=" + even(wide) + ":h=" + even(high) + ":flags=bicubic" + more + ",setsar=1";
}

std::string video_filters(const Probe& probe) {
    std::string filters;
    if (probe.maybe_interlaced)
        filters += "bwdif=mode=send_frame:deint=interlaced,"; // works on pictures that are marked, passes the others on
    filters += "fps=" + std::to_string(probe.rate.numerator) + "/" + std::to_string(probe.rate.denominator) + ":start_time=0,";
    if (probe.transfer == Transfer::standard) {
        filters += fit(":in_color_matrix=" + probe.matrix + ":out_color_matrix=bt709:out_range=tv") + ",format=yuv420p";
    } else {
        filters += fit("") + ",format=yuv420p10le,zscale=tin=" + (probe.transfer == Transfer::pq ? "smpte2084" : "arib-std-b67") +
                   ":pin=bt2020:min=bt2020nc:rin=tv:t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=mobius:param=0.5:peak=4.93:desat=0,"
                   "zscale=t=bt709:m=bt709:r=tv,format=yuv420p";
    }
    return filters + ",setparams=field_mode=prog:range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709";
}

// No picture is lost to a duration that was rounded; less than anybody hears at the end of a film.
constexpr Milliseconds sound_margin{150};

} // namespace

Arguments video_arguments(const Probe& probe, const std::string& preset) {
    Arguments arguments = begin(probe.format);
    append(arguments, {"-map", "0:" + std::to_string(probe.video)});
    if (probe.audio >= 0)
        append(arguments, {"-map", "0:" + std::to_string(probe.audio)});
    const int group = std::max(1, 2 * probe.rate.numerator / probe.rate.denominator); // two seconds
    append(arguments, {"-vf", video_filters(probe), "-c:v", "libx264", "-preset", preset, "-profile:v", "high", "-crf", "20",
                       "-maxrate", "12M", "-bufsize", "24M", "-g", std::to_string(group), "-x264-params", "open-gop=0:cabac=1:8x8dct=1",
                       "-flags:v", "+cgop+bitexact", "-threads:v", "2", "-bsf:v", "filter_units=remove_types=6"});
    if (probe.audio >= 0) // as long as the picture: padded with silence, cut at its end
        append(arguments, {"-af", "aresample=async=1:first_pts=0,apad", "-shortest", "-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac",
                           "2", "-flags:a", "+bitexact"});
    // FFmpeg 7 lets padded sound run on for seconds after -shortest should have cut it.
    if (probe.audio >= 0 && probe.picture_end.count() > 0)
        append(arguments, {"-t", std::to_string((probe.picture_end + sound_margin).count()) + "ms"});
    else // one that never ends, or lies about its end
        append(arguments, {"-t", "3660"});
    append(arguments, {"-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-movflags",
                       "+faststart", "-f", "mp4", "-y", "file:/proc/self/fd/4"});
    return arguments;
}

std::string image_type(const Probe& probe) { return probe.codec == "mjpeg" || probe.codec == "webp" ? "image/jpeg" : "image/png"; }

Arguments image_arguments(const Probe& probe) {
    const bool jpeg = image_type(probe) == "image/jpeg";
    // What shines through is laid on white, before scaling, so that no edge darkens.
    const std::string flat = "format=rgba,split[a][b];[a]lutrgb=r=255:g=255:b=255:a=255[w];[w][b]overlay=format=rgb,";
    Arguments arguments = begin(probe.format);
    append(arguments, {"-map", "0:" + std::to_string(probe.video), "-frames:v", "1", "-filter:v",
                       (probe.codec == "mjpeg" ? std::string() : flat) +
                           fit(jpeg ? ":out_color_matrix=smpte170m:out_range=pc" : "") + (jpeg ? ",format=yuvj420p" : ",format=rgb24")});
    if (jpeg)
        append(arguments, {"-c:v", "mjpeg", "-q:v", "2", "-f", "mjpeg"});
    else
        append(arguments, {"-c:v", "png", "-f", "image2pipe"});
    append(arguments, {"-map_metadata", "-1", "-flags:v", "+bitexact", "-fflags", "+bitexact", "-y", "file:/proc/self/fd/4"});
    return arguments;
}

Arguments thumbnail_arguments(CapsuleKind kind, Milliseconds from) {
    Arguments arguments{"ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-nostats", "-protocol_whitelist", "file", "-threads", "2"};
    if (kind == CapsuleKind::video)
        append(arguments, {"-ss", std::to_string(from.count()) + "ms", "-t", "2", "-f", "mov"});
    append(arguments, {"-i", "file:/proc/self/fd/3", "-map", "0:v:0", "-vf",
                       "scale=" + std::to_string(thumbnail_width) + ":-2:flags=area" +
                           (kind == CapsuleKind::video ? std::string(",thumbnail=n=60") : std::string()) +
                           ",format=yuv420p,signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG:file=-",
                       "-frames:v", "1", "-c:v", "libwebp", "-quality", "80", "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "webp",
                       "-y", "file:/proc/self/fd/4"});
    return arguments;
}

} // namespace capsule::ingest
