/* Starts a program again and again, one after the other, the cheapest way there is, and tells how it went as one line of JSON.
   Usage: starter COUNT SECONDS PROGRAM [ARGUMENTS]; a zero means no limit of that kind. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  long count = atol(argv[1]), started = 0, refused = 0;
  double limit = atof(argv[2]), from = now(), longest = 0;
  for (long i = 0; (count == 0 || i < count) && (limit == 0 || now() - from < limit); i++) {
    pid_t pid;
    int status;
    double before = now();
    int error = posix_spawn(&pid, argv[3], NULL, NULL, argv + 3, environ);
    if (error == EPERM) refused++;
    else if (error != 0) return 3;
    else {
      if (waitpid(pid, &status, 0) != pid) return 4;
      started++;
    }
    double took = now() - before;
    if (took > longest) longest = took;
  }
  printf("{\"started\":%ld,\"refused\":%ld,\"seconds\":%.6f,\"longestMs\":%.3f}\n", started, refused, now() - from, longest * 1000);
  return 0;
}
