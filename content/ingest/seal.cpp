#include "content/ingest/seal.hpp"

#include <linux/landlock.h>
#include <seccomp.h>

#include <fcntl.h>
#include <sched.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace capsule::ingest {

namespace {

// Names that the kernel's headers of Debian 12 do not have yet.
constexpr std::uint64_t access_truncate = 1ULL << 14, access_ioctl = 1ULL << 15;
constexpr std::uint64_t net_bind = 1, net_connect = 2, scope_abstract_socket = 1, scope_signal = 2;
struct Ruleset {
    std::uint64_t handled_access_fs = 0, handled_access_net = 0, scoped = 0;
};

constexpr std::uint64_t read_only = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr std::uint64_t of_a_file = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | access_truncate;

bool allow(int ruleset, int what, std::uint64_t access) {
    landlock_path_beneath_attr rule{};
    rule.allowed_access = access;
    rule.parent_fd = what;
    // EBADFD: a file of no file system (memfd), which no ruleset holds back.
    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0 || errno == EBADFD;
}

void allow_path(int ruleset, const char* path, std::uint64_t access) {
    const int descriptor = ::open(path, O_PATH | O_CLOEXEC);
    if (descriptor < 0)
        return;
    struct stat status {};
    if (fstat(descriptor, &status) == 0)
        (void)allow(ruleset, descriptor, S_ISDIR(status.st_mode) ? access : access & of_a_file);
    ::close(descriptor);
}

// `version` is the kernel's, 0 without Landlock.
bool close_files(const std::vector<SealedFile>& files, int version) {
    if (version < 1)
        return false;
    Ruleset attributes;
    attributes.handled_access_fs = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1; // all of the first version: its last bit and those below
    if (version >= 2)
        attributes.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3)
        attributes.handled_access_fs |= access_truncate;
    if (version >= 4)
        attributes.handled_access_net = net_bind | net_connect;
    if (version >= 5)
        attributes.handled_access_fs |= access_ioctl;
    if (version >= 6)
        attributes.scoped = scope_abstract_socket | scope_signal;
    const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    const auto ruleset = static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, size, 0));
    if (ruleset < 0)
        return false;
    for (const char* path : {"/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives"})
        allow_path(ruleset, path, read_only);
    allow_path(ruleset, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
    allow_path(ruleset, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE);
    bool good = true;
    const std::uint64_t write = LANDLOCK_ACCESS_FS_WRITE_FILE | (version >= 3 ? access_truncate : 0);
    for (const SealedFile& file : files)
        good = allow(ruleset, file.descriptor, LANDLOCK_ACCESS_FS_READ_FILE | (file.writable ? write : 0)) && good;
    good = good && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    ::close(ruleset);
    return good;
}

// A list of what is refused rather than of what is allowed: codecs, the C library and the processor's architecture decide what they need, and
// one forgotten call would refuse good masters. Reading and writing files is Landlock's and the name spaces' matter.
bool refuse_calls(bool signals_are_scoped) {
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return false;
    bool good = true;
    const auto refuse = [&](int call) {
        if (call != __NR_SCMP_ERROR)
            good = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0 && good;
    };
    for (const int call :
         {SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(ptrace),
          SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal),
          SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(open_tree), SCMP_SYS(move_mount),
          SCMP_SYS(fsopen), SCMP_SYS(fsconfig), SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(mount_setattr), SCMP_SYS(unshare), SCMP_SYS(setns),
          SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
          SCMP_SYS(io_uring_register), SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load),
          SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(open_by_handle_at), SCMP_SYS(name_to_handle_at),
          SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(reboot), SCMP_SYS(acct), SCMP_SYS(quotactl), SCMP_SYS(settimeofday),
          SCMP_SYS(clock_settime), SCMP_SYS(clock_adjtime), SCMP_SYS(adjtimex), SCMP_SYS(sethostname), SCMP_SYS(setdomainname),
          SCMP_SYS(personality), SCMP_SYS(fanotify_init), SCMP_SYS(kcmp), SCMP_SYS(vhangup), SCMP_SYS(syslog), SCMP_SYS(mknod), SCMP_SYS(mknodat),
          SCMP_SYS(iopl), SCMP_SYS(ioperm), SCMP_SYS(modify_ldt), SCMP_SYS(lookup_dcookie), SCMP_SYS(nfsservctl)})
        refuse(call);
    if (!signals_are_scoped) // it could end the server, whose user it is
        for (const int call : {SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo)})
            refuse(call);
    // New name spaces by clone: bits of the first argument. clone3 hides them in memory, so it does not exist; the C library then uses clone.
    constexpr std::uint64_t spaces[] = {CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWPID, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
    for (const std::uint64_t space : spaces)
        good = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, space, space)) == 0 && good;
    good = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 && good;
    good = good && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
}

bool drop_privileges() {
    for (int capability = 0; capability < 64; ++capability)
        (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0); // fails beyond the kernel's last, and where there is nothing to drop
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2]{};
    return syscall(SYS_capset, &header, none) == 0;
}

} // namespace

std::string Seal::text() const {
    std::string text;
    for (const auto& [holds, name] : {std::pair{files, "files"}, std::pair{network, "network"}, std::pair{system_calls, "system calls"},
                                      std::pair{privileges, "privileges"}})
        if (holds)
            text += (text.empty() ? "" : ", ") + std::string(name);
    return text;
}

Seal seal_process(const std::vector<SealedFile>& files) {
    Seal seal;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return seal;
    (void)unshare(CLONE_NEWNET | CLONE_NEWIPC); // where this user may: an empty network besides
    const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    seal.files = close_files(files, version > 0 ? static_cast<int>(version) : 0);
    seal.privileges = drop_privileges();
    seal.system_calls = refuse_calls(seal.files && version >= 6);
    seal.network = seal.system_calls;
    return seal;
}

} // namespace capsule::ingest
