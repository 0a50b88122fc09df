/*
 * Stands for any tool: does nothing of what a tool of its name would do. Stays for two seconds when its first argument begins with "1", "-c" or
 * "rescue" (what the rules of the tests forbid), so that whether it was stopped can be told, and ends with 7.
 */
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  const char *first = argc > 1 ? argv[1] : "";
  if (first[0] == '1' || strcmp(first, "-c") == 0 || strcmp(first, "rescue") == 0) sleep(2);
  return 7;
}
