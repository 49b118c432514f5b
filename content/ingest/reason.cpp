#include "content/ingest/reason.hpp"

#include <string_view>

namespace capsule::ingest {

namespace {

struct Known {
    std::string_view part; // of the error's line
    const char* code;
    const char* text;
};

// In the order in which they are looked for.
constexpr Known known[] = {
    {"it holds sound only", "no-picture", "Ce fichier ne contient que du son. Déposez une vidéo ou une image."},
    {"it holds no picture", "no-picture", "Ce fichier ne contient pas d’image. Déposez une vidéo ou une image."},
    {"million pixels", "too-large", "L’image est trop grande ou abîmée. Exportez-la en 1920\u00a0×\u00a01080 (ou 1080\u00a0×\u00a01920)."},
    {"streams, at most", "too-many-streams", "Ce fichier contient trop de pistes. Exportez-le avec une image et un son."},
    {"at most one hour", "too-long", "Cette vidéo est trop longue\u00a0: une heure au plus. Une capsule dure d’ordinaire moins de deux minutes."},
    {"is an image, but", "wrong-kind", "C’est une image, une vidéo était attendue."},
    {"is a video, but", "wrong-kind", "C’est une vidéo, une image était attendue."},
    {"is empty", "damaged", "Ce fichier est vide. Envoyez-le à nouveau."},
    {"out of memory", "out-of-memory", "Ce fichier demande trop de mémoire. Exportez-le en 1920\u00a0×\u00a01080."},
};

} // namespace

Reason reason_for(const Error& error) {
    for (const Known& one : known)
        if (error.message.find(one.part) != std::string::npos)
            return {one.code, one.text, error.message};
    switch (error.category) {
    case Category::refused:
        return {"not-accepted", "Ce type de fichier n’est pas accepté. Exportez la vidéo en MP4 (H.264), ou l’image en PNG ou JPEG.", error.message};
    case Category::invalid:
        return {"damaged", "Ce fichier est abîmé ou d’un type inconnu. Exportez-le à nouveau (MP4, PNG ou JPEG) et renvoyez-le.", error.message};
    case Category::timeout:
        return {"too-slow", "La préparation a pris trop de temps et a été arrêtée. Exportez une vidéo plus courte ou plus petite.", error.message};
    case Category::no_space:
        return {"no-space", "Le disque du serveur est plein. Prévenez l’administrateur.", error.message};
    case Category::missing:
        return {"missing", "Le fichier n’est plus sur le serveur. Envoyez-le à nouveau.", error.message};
    case Category::io:
    case Category::bug:
        break;
    }
    return {"server", "Le serveur n’a pas pu préparer ce fichier. Réessayez\u00a0; si cela se répète, prévenez l’administrateur.", error.message};
}

} // namespace capsule::ingest
