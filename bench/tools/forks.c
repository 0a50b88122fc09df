/* Forks that start no program, so many a second for so long; each child ends at once. Usage: forks PER_SECOND SECONDS. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  double rate = atof(argv[1]), limit = atof(argv[2]), from = now();
  long forked = 0;
  for (;;) {
    double passed = now() - from;
    if (passed >= limit) break;
    if (forked >= passed * rate) {
      usleep(200);
      continue;
    }
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    if (pid < 0 || waitpid(pid, NULL, 0) != pid) return 3;
    forked++;
  }
  printf("{\"forked\":%ld,\"seconds\":%.6f}\n", forked, now() - from);
  return 0;
}
