#include "engine/config/yaml_document.h"

#include <doctest/doctest.h>

using namespace ballast;

namespace {

/// What is wrong with a document, a line each.
std::string problems_of(const std::string& text) {
  std::vector<Problem> problems;
  read_yaml("d", text, problems);
  std::string lines;
  for (const Problem& problem : problems) lines += (lines.empty() ? "" : "\n") + to_string(problem);
  return lines;
}

}  // namespace

TEST_CASE("the tree keeps positions of keys and values, and quotes") {
  std::vector<Problem> problems;
  YamlNode root = read_yaml("d",
                            "\xEF\xBB\xBF"
                            "a: 1\r\nb:\r\n  - {c: \"x\"}\r\n  - ~\r\n",
                            problems);
  REQUIRE(problems.empty());
  REQUIRE(root.entries.size() == 2);
  CHECK(root.find("a")->value.text == "1");
  CHECK_FALSE(root.find("a")->value.quoted);
  const YamlNode& list = root.find("b")->value;
  REQUIRE(list.items.size() == 2);
  const YamlEntry& c = *list.items[0].find("c");
  CHECK(c.value.quoted);
  CHECK(c.at.line == 3);
  CHECK(c.at.column == 6);
  CHECK(c.value.at.column == 9);
  CHECK(list.items[1].kind == YamlNode::Kind::null);
}

TEST_CASE("columns are characters, not bytes") {
  std::vector<Problem> problems;
  YamlNode root = read_yaml("d", "\xC3\xA9: {\xE2\x82\xAC: 1, b: 2}\n", problems);
  CHECK(root.entries[0].value.entries[1].at.column == 11);
}

TEST_CASE("what YAML permits and a study does not") {
  CHECK(problems_of("a: 1\nb: 2\na: 3\n") == "d:3:1: error: duplicate key 'a' (first given in line 1)");
  CHECK(problems_of("{a: 1, a: 2}") == "d:1:8: error: duplicate key 'a' (first given in line 1)");
  CHECK(problems_of("a: &a [*a]\n") ==
        "d:1:4: error: anchor '&a' (anchors and aliases are not read in a study) write the value out\n"
        "d:1:8: error: alias '*a' (aliases are not read in a study) write the value out");
  CHECK(problems_of("a: {b: 1}\nc:\n  <<: {b: 2}\n") ==
        "d:3:3: error: merge key '<<' (not read in a study) write the keys out");
  CHECK(problems_of("a: !!int 5\n") ==
        "d:1:4: error: tag 'tag:yaml.org,2002:int' (tags are not read in a study) leave it out");
  CHECK(problems_of("? [a]\n: 1\n") ==
        "d:1:3: error: a key must be a word (a list, a map or nothing stands in its place)");
  CHECK(problems_of("a: 1\n---\nb: 2\n") ==
        "d:2:1: error: a second document begins here (a study is one document) leave out the line '---'");
  CHECK(problems_of("a: 1\na: 2\nb: !x 1\n") ==
        "d:2:1: error: duplicate key 'a' (first given in line 1)\n"
        "d:3:4: error: tag '!x' (tags are not read in a study) leave it out");
}

TEST_CASE("syntax errors are said in a user's words") {
  CHECK(problems_of("a:\n  b: 1\n\tc: 2\n") ==
        "d:3:1: error: syntax: a tab in the indentation (YAML indents by spaces only) replace it by spaces");
  CHECK(problems_of("a:\n\tb: 1\n") ==
        "d:2:3: error: syntax: a tab in the indentation (YAML indents by spaces only) replace it by spaces");
  CHECK(problems_of("a: b: c\n") ==
        "d:1:5: error: syntax: a second ': ' in one line, or a key indented differently from the keys above it");
  CHECK(problems_of("a: [1, 2\nb: 3\n") ==
        "d:2:2: error: syntax: a list '[' is not closed by ']', or a comma is missing in it");
  CHECK(problems_of("a: @x\n") ==
        "d:1:4: error: syntax: a value cannot begin with '@' (the character is reserved in YAML) put the value in "
        "quotes");
  CHECK(
      problems_of("a: *nope\n") ==
      "d:1:4: error: syntax: a value that begins with '*' (aliases are not read in a study) put it in quotes if it is "
      "text");
  // yaml-cpp reads this to the end of the file without a word.
  CHECK(problems_of("a: 1\nb: \"x\nc: 3\n") ==
        "d:2:4: error: a quotation begins here and does not end (the rest of the file was read as its text)");
  CHECK(problems_of("a: 'it''s'\nb: \"\\\"\"\n") == "");
}

TEST_CASE("what is no text of a study at all") {
  std::string empty = "d:1:1: error: nothing to read (the file is empty or holds only comments)";
  CHECK(problems_of("") == empty);
  CHECK(problems_of("# only this\n") == empty);
  CHECK(problems_of("---\n") == empty);
  CHECK(problems_of("a: 1\nb: \xC3\xA9\xE9\n") == "d:2:5: error: byte 0xE9 is not UTF-8 text; save the file as UTF-8");
  CHECK(problems_of(std::string("a: 1\0", 5)) == "d:1:5: error: byte 0x00 is not UTF-8 text; save the file as UTF-8");
  CHECK(problems_of("\xFF\xFE"
                    "a") == "d:1:1: error: byte 0xFF is not UTF-8 text; save the file as UTF-8");
  CHECK(problems_of("a: " + std::string(150, '[') + std::string(150, ']')) ==
        "d:1:103: error: nested more than 100 deep");
  CHECK(problems_of("a: " + std::string(100000, '[')).find("nested more than 100 deep") != std::string::npos);
  CHECK(problems_of("a: " + std::string(99, '[') + std::string(99, ']')) == "");
}
