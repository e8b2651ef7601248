using Xunit;

namespace Forkpty.Screen.Tests;

/// <summary>Sequence by sequence as in xterm.js, after every character of it.</summary>
public sealed class SequenceTests
{
    private const string Page = "\e[Haaaaaaaaaaaaaaaaaaaabbbbbbbbbb\r\nc\td\r\n漢字 e\u0301 x\r\n\e[41mred\e[K\e[m\r\nlast";

    [Theory]
    [InlineData("hello\r\nworld\tx\b\by\vz\fw")]
    [InlineData("12345678901234567890")]
    [InlineData("12345678901234567890x")]
    [InlineData("1234567890123456789漢字")]
    [InlineData("\e[?7l123456789012345678901234漢z")]
    [InlineData("漢字漢字漢字漢字漢字漢字\e[3G1\e[8G2\e[2;5H字")]
    [InlineData("e\u0301a\u0308\u0323 \e[m\u0301\e[5G\u0302x")]
    [InlineData("👩\u200D👩\u200D👧 🇩🇪 🎉\u00AD\u2764\uFE0F")]
    [InlineData("\ufeffa\uffffb\ufffdc\u0600d")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\r\n10\r\n11")]
    [InlineData("a\e[44m\n\n\n\n\n\n\n\n\n\nb")]
    [InlineData("\eDa\eEb\eMc\e[H\eMd\e[44m\eM")]
    [InlineData("\u0084a\u0085b\u0088c\u009b5Cd\u009d2;title\u009ce\u0090q\u009cf\u0099g\u008dh")]
    public void Text_and_controls(string output) => Screens.AssertAsInOracle(output);

    [Theory]
    [InlineData("\e[3;5Hx\e[2Ay\e[3Bz\e[4Cw\e[6Dv\e[2Eu\e[Ft\e[9Gs\e[4`r\e[2aq\e[3dp\e[2eo\e[7;7fn")]
    [InlineData("\e[99;99Hx\e[99A\e[99D\e[99B\e[99Cy\e[0;0Hz\e[;5Ha\e[4;Hb")]
    [InlineData("\e[2147483647;2147483647Hx\e[99999999999A\e[99999999999Cy")]
    [InlineData("\ta\t\tb\e[2Zc\e[Id\e[3Ie\e[99Z")]
    [InlineData("\e[3g\ta\e[1;4H\eH\e[1;9H\eH\r\tb\tc\td\e[1;4H\e[g\r\te")]
    [InlineData("\e7\e[3;3H\e[31;1mx\e8y\e[s\e[5;5H\e[m\e[uz")]
    [InlineData("\e[4;4H\e7\n\n\n\n\n\n\e8x")]
    [InlineData("\e[3;6r\e[?6h\e[2;2Hx\e[99;99Hy\e[3Dz\e[Aw\e7\e[?6l\e8v\e[r")]
    [InlineData("abc\e[10Gx\e[20Gy\bz\r\e[?45habc\b\b\b\b")]
    [InlineData("\e[?45h12345678901234567890abc\b\b\b\b\b漢")]
    [InlineData("\e[?45h1234567890123456789漢\b\b\bx")]
    public void Cursor(string output) => Screens.AssertAsInOracle(output);

    [Theory]
    [InlineData(Page + "\e[2;5H\e[K\e[1K\e[3;2H\e[1K\e[1;5H\e[2K")]
    [InlineData(Page + "\e[3;2H\e[J")]
    [InlineData(Page + "\e[3;2H\e[1J")]
    [InlineData(Page + "\e[1;1H\e[J\e[42m\e[2J")]
    [InlineData(Page + "\e[1;3H\e[42m\e[3X\e[3;2H\e[X\e[99X")]
    [InlineData(Page + "\e[1;3H\e[42m\e[3@\e[3;2H\e[@\e[99@")]
    [InlineData(Page + "\e[1;3H\e[42m\e[3P\e[3;2H\e[P\e[3;1H\e[P\e[99P")]
    [InlineData(Page + "\e[2;3H\e[42m\e[2L\e[3;3H\e[M\e[99M\e[99L")]
    [InlineData(Page + "\e[2;4r\e[2;3H\e[L\e[99L\e[M\e[6;1H\e[L\e[M")]
    [InlineData(Page + "\e[42m\e[2S\e[T\e[3T\e[99S\e[99T")]
    [InlineData(Page + "\e[2;4r\e[42m\e[S\e[2T\e[4;1H\n\n\e[2;1H\eM\eM")]
    [InlineData(Page + "\e[1;4r\e[4;1H\n\n\nx\e[r\e[8;1H\n")]
    [InlineData(Page + "\e[42m\e[2 @\e[3 A\e[1;4H\e['}\e[2'~\e[99'}")]
    [InlineData(Page + "\e[1;3H\e[4hxy漢z\e[4lq")]
    [InlineData("\e[4h12345678901234567890\e[1;2H漢\e[1;19H漢")]
    [InlineData("\e[1\"qab\e[0\"qcd\e[1;1H\e[?K\e[?2K\e[2J\e[1\"qef\e[2\"qgh\e[?J\e[?2J")]
    [InlineData("ab\e[2;1Hcdefghijklmnopqrstuv\e[2 @")]
    [InlineData("ab\e[3;5r\e[?6hcd\e[2;20Hx\e[2 @")]
    [InlineData("\e#8\e[2;2H\e[31m\e#8x")]
    [InlineData("x\e[5by\e[30b漢\e[3be\u0301\e[3b\e[3b\e[mq\e[2b\e[b")]
    [InlineData("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9\r\n10\e[3J\e[2Jx")]
    public void Editing(string output) => Screens.AssertAsInOracle(output);

    [Theory]
    [InlineData("\e[1ma\e[2mb\e[3mc\e[4md\e[5me\e[7mf\e[8mg\e[9mh\e[53mi\e[mj")]
    [InlineData("\e[1;2;3;4;5;7;8;9;53ma\e[22mb\e[23mc\e[24md\e[25me\e[27mf\e[28mg\e[29mh\e[55mi")]
    [InlineData("\e[31ma\e[42mb\e[93mc\e[104md\e[39me\e[49mf")]
    [InlineData("\e[38;5;9ma\e[48;5;200mb\e[38:5:99mc\e[38;2;1;2;3md\e[48:2::4:5:6me\e[38:2:7:8:9mf\e[38;2;300;1mg\e[38;5mh\e[38mi\e[48;9;1;2;3;4mj")]
    [InlineData("\e[4:3ma\e[58:5:7mb\e[58;2;1;2;3mc\e[59md\e[4:0me\e[21mf\e[24mg\e[4:9mh\e[4:mi\e[58;5;3mj\e[mk\e[58;5;4ml\e[4mm")]
    [InlineData("\e[1;31;;4ma\e[38;5;1;1mb\e[0001mc\e[:mz\e[1:2me\e[;;;mf")]
    [InlineData("\e]8;;http://a/b;c\e\\link\e]8;;\e\\ \e]8;id=x:y=z;http://b\e\\l\e[1mi\e[m\e]8;;\ax")]
    public void Looks(string output) => Screens.AssertAsInOracle(output);

    [Theory]
    [InlineData("\e[?1h\e=\e[?5h\e[?12h\e[?25l\e[?1000h\e[?1006h\e[?1004h\e[?2004h\e[?2026h\e[4h\e[20h\e[?45h")]
    [InlineData("\e[?9h\e[?1002h\e[?1003h\e[?1016h\e[?1003l\e[?1016l\e[?66h\e[?66l\e>\e[20ha\nb\e[20l")]
    [InlineData("\e[1 q\e[2 q\e[3 q\e[4 q\e[5 q\e[6 q\e[0 q")]
    [InlineData("\e[?1;7;25;2004hx\e[?1;2004lx")]
    [InlineData("\e[31mabc\e[4;5H\e[?1049hdef\e[2;2H\e[44mghi\e[K\e[?1049ljkl")]
    [InlineData("abc\e[?47hdef\e[3;3H\e[?47lghi\e[?1047h\e[?1047lx\e[?1048h\e[H\e[?1048ly")]
    [InlineData("\e[41m\e[?1049hx\n\n\n\n\n\n\n\n\ny\e[3J\e[5;5H\e[?1049h")]
    [InlineData("\e[2;5r\e[3g\e[4G\eH\e[?1049h\e[3;4r\e[4;2Hx\n\n")]
    [InlineData("\e[?6h\e[3;5r\e[2;2H\e[!px\e[31;4h\e[?25l\e[?1h\e[!py")]
    [InlineData("abc\e[31m\e[?1h\e[2;4r\e(0qq\ecdef")]
    [InlineData("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9\e[?1049hx\ecdef")]
    [InlineData("\e(0lqk\e(Bx\e)0a\u000Ebcd\u000Fe\e*0\en~f\e+A\eo#\e~q\e%Gq\e%@")]
    [InlineData("\e(A#\e(4[\\]{|}~@#\e(C[\\]^`{|}~\e(R#@[\\]{|}~\e(Q@[\\]^`{|}~")]
    [InlineData("\e(K@[\\]{|}~\e(Y#@[\\]`{|}~\e(E@[\\]^`{|}~\e(Z#@[\\]{|}\e(H@[\\]^`{|}~\e(=#@[\\]^_`{|}~\e(5[\e(6[\e(7[\e(?x\e/0y")]
    [InlineData("\e(0\e7\e(Bq\e8\e(0q\e[?2hq")]
    [InlineData("\e[3;5r\e[?6h\e[?47h\e[2;4Hx\e[?47l")]
    [InlineData("\e[3;5r\e[?6h\e[?1047h\e[7;4Hx\e[?1047ly\nz")]
    [InlineData("\e[2;20Hq\e[3;5r\e[?6h\e[?47h\e[2;20Hx\e[?47l\e[31m")]
    [InlineData("\eY#1\eA#\eB\eC[\eK{\eR@\e4#\e0q\e\"Y#\e$Y#")]
    public void Modes_and_screens(string output) => Screens.AssertAsInOracle(output);

    [Theory]
    [InlineData("\e]4;1;rgb:12/34/56\e\\a\e]4;255;#fedcba;0;rgb:00/00/01\a\e]4;1;#010203\a\e]104;1;255\a\e]4;7;#777777\a\e]104\a")]
    [InlineData("\e]10;#102030\a\e]11;rgb:40/50/60\a\e]12;#708090\a\e]111\a\e]110\a\e]112\ax")]
    [InlineData("\e]10;#010101;#020202;#030303;#040404\a\e]11;#050505;#060606;#070707\a\e]12;#080808;#090909\a")]
    [InlineData("\e]4;256;#111111;5;#222222\a\e]4;5\a\e]4;x;#333333;6;#444444\a\e]4;6;?;7;#555555\a\e]10;?;#666666\a\e]104;x;5\a")]
    [InlineData("\e]4;1;#123456\a\e]4;1;#12\a\e]4;1;rgb:1/2\a\e]4;1;rgb:12/34/5g\a\e]4;1;\a\e]4;1;#1234567\a\e]11;#12345\a\e[!p")]
    public void Colors(string output) => Screens.AssertAsInOracle(output);

    [Theory]
    [InlineData("\e]0;both\a\e]1;icon\e\\\e]2;title; with ü\a\e[22t\e]2;other\a\e[22;2t\e[23;0t\e[23t\e[23t")]
    [InlineData("\e]2\a\e]0;x\e[1mb\e]2;not\u0018c\e]2;no\u001Ad")]
    [InlineData("\e]x;y\a\e];\a\e]99999999999;z\aq\e]4;1;rgb:1/2/3\a\e]52;c;abc\a")]
    [InlineData("\eP1;2$qm\e\\a\ePqabc\u007F漢\e\\b\e_apc\a\e\\c\e^pm\e\\d\eXsos\e\\e\e_漢字\e\\")]
    [InlineData("\e[\e[31ma\e[3\u0018b\e[3\u001A1mc\e[1\n;31md\e[?\e[1;2?3mxe\e[ \e[1 2qf\e[>1;2cg\e[漢h\e\u007F[1mi\e!1j\e\u00e9k")]
    [InlineData("\e[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;28;29;30;31;32;33;34;35;36mx")]
    public void Strings_and_what_is_broken_off(string output) => Screens.AssertAsInOracle(output, replayEvery: 2);
}
