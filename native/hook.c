/*
 * llmctl-hook hook NAME: what an agent CLI runs around its turns and tools. It hands its standard input to the session's daemon, prints
 * what the daemon answers, and ends with 0 whatever happens: not there, hung, talking nonsense.
 *
 * An agent waits for it at every step, and starting Node alone takes as long as a hook may take in all. Where no C compiler was at hand
 * src/cli/hook/ does the same in Node; both speak the frames of src/protocol/hook-frame.ts, and one test holds both to them.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SOURCE
#define SOURCE "unknown"
#endif

enum { FRAME_HOOK = 7, FRAME_ANSWER = 8, FRAME_WAIT = 9, HEADER = 5 };
enum { FIELDS_MAX = 64 * 1024, PAYLOAD_MAX = 8 * 1024 * 1024, ANSWER_MAX = 1024 * 1024 };

/* Milliseconds, as in src/cli/hook/patience.ts, where the reasons stand. */
enum { PATIENCE_MS = 1000, ASKING_MS = 5000 };

static void give_up(int signal) {
  (void)signal;
  _exit(0);
}

/* From now on; 0: no more. A clock of the kernel: reading, connecting and writing may block as they like. */
static void deadline(int ms) {
  struct itimerval timer = {{0, 0}, {ms / 1000, (ms % 1000) * 1000}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

static void prepare_signals(void) {
  sigset_t alarm_only;
  signal(SIGPIPE, SIG_IGN);
  signal(SIGALRM, give_up);
  /* Whoever started this may have blocked it, and that is inherited. */
  sigemptyset(&alarm_only);
  sigaddset(&alarm_only, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
}

/* `pre-tool-use` is PreToolUse. */
static int is_called(const char *name, const char *plain) {
  for (; *name != '\0'; name++) {
    char c = *name;
    if (c == '-' || c == '_') continue;
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    if (c != *plain) return 0;
    plain++;
  }
  return *plain == '\0';
}

/* Something may be refused just now: a file beside the socket says so. */
static int is_guarded(const char *socket_path) {
  char path[512];
  int length = snprintf(path, sizeof path, "%s.refuses", socket_path);
  return length > 0 && (size_t)length < sizeof path && access(path, F_OK) == 0;
}

static int is_permission(const char *name) { return is_called(name, "permissionrequest"); }

/* There is an answer to wait for; else all is over once it is told. */
static int wants_answer(const char *name, const char *socket_path) {
  if (is_permission(name) || is_called(name, "statusline")) return 1;
  /* Without a name it stands in the text, and may be any. */
  if (*name == '\0' || is_called(name, "pretooluse") || is_called(name, "beforetool")) return is_guarded(socket_path);
  return 0;
}

static int write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t wrote = write(fd, bytes, length);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return 0;
    bytes += wrote;
    length -= (size_t)wrote;
  }
  return 1;
}

static ssize_t read_some(int fd, char *bytes, size_t length) {
  ssize_t got;
  do got = read(fd, bytes, length);
  while (got < 0 && errno == EINTR);
  return got;
}

static int read_all(int fd, char *bytes, size_t length) {
  while (length > 0) {
    ssize_t got = read_some(fd, bytes, length);
    if (got <= 0) return 0;
    bytes += got;
    length -= (size_t)got;
  }
  return 1;
}

/* A frame's header, fields that end in NUL, then the text as it came. */
struct frame {
  char *bytes;
  size_t length, room;
};

static void append(struct frame *frame, const char *bytes, size_t length) {
  if (frame->length + length > frame->room) _exit(0);
  memcpy(frame->bytes + frame->length, bytes, length);
  frame->length += length;
}

static void append_field(struct frame *frame, const char *text) { append(frame, text, strlen(text) + 1); }

/* An edit may name its whole new text; what is larger than a frame is told to nobody. */
static void append_input(struct frame *frame) {
  for (;;) {
    ssize_t got;
    if (frame->length == frame->room) {
      size_t room = frame->room * 2 > PAYLOAD_MAX + HEADER + 1 ? PAYLOAD_MAX + HEADER + 1 : frame->room * 2;
      if (room == frame->room || (frame->bytes = realloc(frame->bytes, room)) == NULL) _exit(0);
      frame->room = room;
    }
    got = read_some(STDIN_FILENO, frame->bytes + frame->length, frame->room - frame->length);
    if (got < 0) _exit(0);
    if (got == 0) break;
    frame->length += (size_t)got;
  }
  if (frame->length > PAYLOAD_MAX + HEADER) _exit(0);
}

static uint32_t length_of(const unsigned char *header) {
  return header[0] | (uint32_t)header[1] << 8 | (uint32_t)header[2] << 16 | (uint32_t)header[3] << 24;
}

static void seal(struct frame *frame) {
  uint32_t length = (uint32_t)(frame->length - HEADER);
  unsigned char header[HEADER] = {length & 255, length >> 8 & 255, length >> 16 & 255, length >> 24, FRAME_HOOK};
  memcpy(frame->bytes, header, HEADER);
}

static int connect_to(const char *path) {
  struct sockaddr_un address = {0};
  int fd;
  if (strlen(path) >= sizeof address.sun_path) return -1;
  address.sun_family = AF_UNIX;
  strcpy(address.sun_path, path);
  fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return -1;
  return fd;
}

/* Prints the answer, whole or not at all. */
static void print_answer(int fd) {
  for (;;) {
    unsigned char header[HEADER];
    uint32_t length;
    char *text;
    if (!read_all(fd, (char *)header, HEADER)) return;
    length = length_of(header);
    if (length > ANSWER_MAX || (text = malloc(length + 1)) == NULL || !read_all(fd, text, length)) return;
    if (header[4] == FRAME_ANSWER) {
      /* What is said is said: from here on it is the reader's time. */
      deadline(PATIENCE_MS);
      write_all(STDOUT_FILENO, text, length);
      return;
    }
    /* A person is asked: nothing is in anybody's way. */
    if (header[4] == FRAME_WAIT) deadline(0);
    free(text);
  }
}

int main(int argc, char **argv) {
  const char *socket_path = getenv("LLMCTL_SOCKET"), *agent = getenv("LLMCTL_AGENT"), *token = getenv("LLMCTL_TOKEN");
  const char *name = argc > 2 ? argv[2] : "";
  char cwd[4096] = "";
  struct frame frame = {malloc(FIELDS_MAX), HEADER, FIELDS_MAX};
  int fd;

  if (argc == 2 && strcmp(argv[1], "--source") == 0) return puts(SOURCE) < 0;
  prepare_signals();
  if (socket_path == NULL || *socket_path == '\0' || agent == NULL || *agent == '\0' || frame.bytes == NULL) return 0;
  deadline(is_permission(name) ? ASKING_MS : PATIENCE_MS);
  if (getcwd(cwd, sizeof cwd) == NULL) cwd[0] = '\0';
  append_field(&frame, "1");
  append_field(&frame, token == NULL ? "" : token);
  append_field(&frame, agent);
  append_field(&frame, name);
  append_field(&frame, cwd);
  append_input(&frame);
  seal(&frame);
  fd = connect_to(socket_path);
  if (fd >= 0 && write_all(fd, frame.bytes, frame.length) && wants_answer(name, socket_path)) print_answer(fd);
  return 0;
}
