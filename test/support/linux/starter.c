/*
 * Starts a program in one of many ways; told how by its arguments, so that one file serves all tests.
 * Ends with 100 + errno when the start itself was refused, with the program's code when it ran, with 90 when a signal ended it.
 *
 *   spawn PATH ARGV0 ARG...            as a child
 *   orphan PATH ARGV0 ARG...           from a child whose parent is gone
 *   become PATH ARGV0 ARG...           in its own place
 *   thread PATH ARGV0 ARG...           in its own place, called by a thread that is not the leader
 *   constant PATH                      in its own place, as `telinit 1`, with arguments that lie in this file
 *   rewrite US PATH ARGV0 FROM TO      in its own place, with FROM as argument, which another thread turns into TO after US microseconds
 *   memory FILE ARGV0 ARG...           in its own place, from a copy in a memory file
 *   private DIR FILE ARGV0 ARG...      from a copy on a tmpfs that only its own mount namespace has
 *   detached FILE ARGV0 ARG...         from a copy on a tmpfs that is mounted nowhere
 *   fresh DIR FILE ARGV0 ARG...        as a child, from a copy on a tmpfs mounted this very moment
 *   read FILE                          opens a file for reading
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *const nothing[] = {NULL};

static void become(const char *path, char **argv) {
  execve(path, argv, nothing);
  _exit(100 + errno);
}

static int spawn_child(const char *path, char **argv) {
  int status;
  pid_t child = fork();
  if (child == 0) become(path, argv);
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 90;
}

static void orphan(const char *path, char **argv) {
  pid_t starter = getpid();
  if (fork() != 0) _exit(0);
  while (getppid() == starter) usleep(1000);
  become(path, argv);
}

static void copy_into(int to, const char *file) {
  int from = open(file, O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (from < 0 || to < 0 || fstat(from, &about) != 0) _exit(99);
  while (about.st_size > 0) {
    ssize_t done = sendfile(to, from, NULL, about.st_size);
    if (done <= 0) _exit(98);
    about.st_size -= done;
  }
  close(from);
}

static void from_memory(char **argv) {
  int fd = memfd_create("copy", 0);
  copy_into(fd, argv[0]);
  fexecve(fd, argv + 1, nothing);
  _exit(100 + errno);
}

/* A copy of the file on whatever lies at the folder; gives its path. */
static const char *copied(const char *folder, const char *file) {
  static char path[4096];
  const char *name = strrchr(file, '/');
  snprintf(path, sizeof path, "%s%s", folder, name);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
  copy_into(fd, file);
  close(fd);
  return path;
}

static const char *mounted(const char *folder, const char *file) {
  if (mount("holdfast-test", folder, "tmpfs", 0, "mode=0755,size=8m") != 0) _exit(97);
  return copied(folder, file);
}

static void from_private(char **argv) {
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) _exit(96);
  become(mounted(argv[0], argv[1]), argv + 2);
}

static void from_detached(char **argv) {
  int fs = syscall(SYS_fsopen, "tmpfs", 0);
  if (fs < 0 || syscall(SYS_fsconfig, fs, 6, NULL, NULL, 0) != 0) _exit(95);
  int folder = syscall(SYS_fsmount, fs, 0, 0);
  if (folder < 0 || fchdir(folder) != 0) _exit(94);
  const char *name = strrchr(argv[0], '/') + 1;
  int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
  copy_into(fd, argv[0]);
  close(fd);
  syscall(SYS_execveat, folder, name, argv + 1, nothing, 0);
  _exit(100 + errno);
}

struct rewriting {
  char *text;
  const char *to;
  long microseconds;
  volatile int ready;
};

static void *rewrite_later(void *given) {
  struct rewriting *plan = given;
  struct timespec begin, now;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  plan->ready = 1;
  do clock_gettime(CLOCK_MONOTONIC, &now);
  while ((now.tv_sec - begin.tv_sec) * 1000000 + (now.tv_nsec - begin.tv_nsec) / 1000 < plan->microseconds);
  strcpy(plan->text, plan->to);
  for (;;) pause();
}

static void rewrite(char **argv) {
  char text[64];
  char *given[] = {argv[2], text, NULL};
  struct rewriting plan = {text, argv[4], atol(argv[0]), 0};
  pthread_t thread;
  strcpy(text, argv[3]);
  pthread_create(&thread, NULL, rewrite_later, &plan);
  while (!plan.ready) sched_yield();
  become(argv[1], given);
}

static void *become_in_thread(void *given) {
  char **argv = given;
  become(argv[0], argv + 1);
  return NULL;
}

static void from_thread(char **argv) {
  pthread_t thread;
  pthread_create(&thread, NULL, become_in_thread, argv);
  for (;;) pause();
}

int main(int argc, char **argv) {
  static char *const constant[] = {"telinit", "1", NULL};
  if (argc < 3) return 99;
  const char *how = argv[1];
  char **rest = argv + 2;
  if (strcmp(how, "spawn") == 0) return spawn_child(rest[0], rest + 1);
  if (strcmp(how, "orphan") == 0) orphan(rest[0], rest + 1);
  if (strcmp(how, "become") == 0) become(rest[0], rest + 1);
  if (strcmp(how, "thread") == 0) from_thread(rest);
  if (strcmp(how, "constant") == 0) become(rest[0], (char **)constant);
  if (strcmp(how, "rewrite") == 0) rewrite(rest);
  if (strcmp(how, "memory") == 0) from_memory(rest);
  if (strcmp(how, "private") == 0) from_private(rest);
  if (strcmp(how, "detached") == 0) from_detached(rest);
  if (strcmp(how, "fresh") == 0) return spawn_child(mounted(rest[0], rest[1]), rest + 2);
  if (strcmp(how, "read") == 0) return open(rest[0], O_RDONLY) < 0 ? 100 + errno : 0;
  return 99;
}
