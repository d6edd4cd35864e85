/* Is loaded before libfaketime in LD_PRELOAD, for what that library cannot do by itself.
 *
 *   server ──▶ this guard ──▶ libfaketime ──▶ libc
 *
 * Built without libc's start files and versions, so that one build fits every glibc. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int (*clock_gettime_fn)(clockid_t, struct timespec *);
typedef int (*cond_init_fn)(pthread_cond_t *, const pthread_condattr_t *);
typedef int (*setsockopt_fn)(int, int, int, const void *, socklen_t);

static clock_gettime_fn next_clock_gettime;
static cond_init_fn next_cond_init;
static setsockopt_fn next_setsockopt;
static long scale = 1;
/* Not before libfaketime was asked once: while it finds its functions it allocates, and an allocator that asks for the time meanwhile
 * (jemalloc: HAProxy, Varnish, nghttpx, Redis) would have it wait for itself. */
static volatile int ready;

/* The N of FAKETIME="+0 xN". */
static long scale_of(const char *faketime) {
  const char *rate = faketime ? strchr(faketime, 'x') : NULL;
  long n = 0;
  while (rate && *++rate >= '0' && *rate <= '9') n = 10 * n + (*rate - '0');
  return n > 0 ? n : 1;
}

__attribute__((constructor)) static void begin(void) {
  struct timespec ignored;
  scale = scale_of(getenv("FAKETIME"));
  next_clock_gettime = (clock_gettime_fn)dlsym(RTLD_NEXT, "clock_gettime");
  next_cond_init = (cond_init_fn)dlsym(RTLD_NEXT, "pthread_cond_init");
  next_setsockopt = (setsockopt_fn)dlsym(RTLD_NEXT, "setsockopt");
  if (next_clock_gettime) next_clock_gettime(CLOCK_MONOTONIC, &ignored);
  ready = 1;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!ready || !next_clock_gettime) return (int)syscall(SYS_clock_gettime, clock, time);
  return next_clock_gettime(clock, time);
}

/* Before libfaketime is ready, what PTHREAD_COND_INITIALIZER is: all zero bytes. */
int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes) {
  if (ready && next_cond_init) return next_cond_init(cond, attributes);
  memset(cond, 0, sizeof *cond);
  return 0;
}

/* The kernel's own timers know nothing of libfaketime; these two are set in the server's time, and zero means for ever. */
int setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
  struct timeval scaled;
  if (!next_setsockopt) next_setsockopt = (setsockopt_fn)dlsym(RTLD_NEXT, "setsockopt");
  if (scale > 1 && level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO) && value && length >= sizeof scaled) {
    long long us;
    memcpy(&scaled, value, sizeof scaled);
    us = (scaled.tv_sec * 1000000LL + scaled.tv_usec) / scale;
    if (us == 0 && (scaled.tv_sec || scaled.tv_usec)) us = 1;
    scaled.tv_sec = us / 1000000;
    scaled.tv_usec = us % 1000000;
    return next_setsockopt(fd, level, name, &scaled, sizeof scaled);
  }
  return next_setsockopt(fd, level, name, value, length);
}
