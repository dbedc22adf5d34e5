#include "deploy/reviewctl/phrases.hpp"

namespace reviews::ctl {

namespace {

using list = const std::string_view[];

constexpr list en_names = {"Ada",      "Grace H.",         "J. O’Neill", "Mary-Jane Watson",
                           "sam_1987", "Oluwaseun Adébáyò"};
constexpr list en_titles = {"Great place", "Not what it used to be", "Would come again", "Overpriced",
                            "A hidden gem"};
constexpr list en_texts = {
    "The coffee was excellent and the staff remembered my name.",
    "We waited forty minutes for a table although we had booked.",
    "Portions are generous, prices are fair.",
    "I ordered the \"special\" and got something else entirely.",
    "Clean rooms, quiet at night, five minutes from the station.",
    "Delivery took two days longer than promised, but support was kind about it.",
    "My kids loved it!",
    "10/10, will be back.",
};
constexpr list de_names = {"Jürgen Groß", "Käthe M.", "Zoë Müller-Lüdenscheidt", "Björn"};
constexpr list de_titles = {"Sehr zu empfehlen", "Leider enttäuschend", "Schöne Atmosphäre", "Geht so"};
constexpr list de_texts = {
    "Die Brötchen waren noch warm, der Kaffee kräftig.",
    "Für den Preis hätte ich mehr erwartet.",
    "Überaus freundliche Bedienung, wir kommen gern wieder.",
    "Das Zimmer roch nach Farbe, dafür war das Frühstück großartig.",
};
constexpr list fr_names = {"Françoise D.", "Noël", "Hélène Lefèvre", "Maël"};
constexpr list fr_titles = {"Très bonne adresse", "À éviter", "Un vrai régal", "Correct sans plus"};
constexpr list fr_texts = {
    "L’accueil est chaleureux et la carte change chaque semaine.",
    "Service un peu lent, mais la crème brûlée vaut l’attente.",
    "J’y retournerai sans hésiter !",
    "Trop bruyant le samedi soir.",
};
constexpr list es_names = {"Íñigo Montoya", "María José", "Peñalver", "Óscar"};
constexpr list es_titles = {"¡Increíble!", "Muy recomendable", "Regular", "No volveré"};
constexpr list es_texts = {
    "La tortilla es la mejor del barrio.",
    "Nos atendieron enseguida y con una sonrisa.",
    "¿Quién decidió quitar las croquetas de la carta?",
    "El niño se lo pasó en grande.",
};
constexpr list pt_names = {"João", "Conceição A.", "Luísa Gonçalves"};
constexpr list pt_titles = {"Ótimo atendimento", "Podia ser melhor", "Vale a pena"};
constexpr list pt_texts = {
    "O pastel de nata estava perfeito.",
    "A encomenda chegou com a caixa amassada.",
    "Não há melhor vista em toda a cidade.",
};
constexpr list pl_names = {"Łukasz", "Żaneta Wiśniewska", "Grzegorz B."};
constexpr list pl_titles = {"Polecam", "Słabo", "Świetna obsługa"};
constexpr list pl_texts = {
    "Pierogi jak u babci, naprawdę.",
    "Zamówienie przyszło źle zapakowane.",
    "Cicho, czysto i blisko dworca.",
};
constexpr list ru_names = {"Алёна", "Сергей П.", "Юлия Щукина"};
constexpr list ru_titles = {"Очень понравилось", "Ничего особенного", "Советую всем"};
constexpr list ru_texts = {
    "Вкусно, быстро и недорого.",
    "Официант забыл наш заказ, но потом принёс десерт бесплатно.",
    "Приедем ещё раз летом.",
};
constexpr list el_names = {"Γιώργος", "Ελένη Κ.", "Δημήτρης"};
constexpr list el_titles = {"Εξαιρετικό", "Μέτριο"};
constexpr list el_texts = {"Φρέσκο ψάρι και καλό κρασί.", "Η θέα αξίζει τον κόπο.", "Αργή εξυπηρέτηση."};
constexpr list he_names = {"נועה", "דוד ל.", "יעל כהן"};
constexpr list he_titles = {"מקום מצוין", "לא שווה"};
constexpr list he_texts = {"האוכל היה טעים והשירות אדיב.", "חיכינו יותר מדי זמן.", "נחזור בשמחה."};
constexpr list ar_names = {"فاطمة", "أحمد ع.", "نور الهدى"};
constexpr list ar_titles = {"تجربة رائعة", "خدمة بطيئة"};
constexpr list ar_texts = {"الطعام لذيذ والمكان نظيف.", "سنعود مرة أخرى إن شاء الله.", "السعر مرتفع قليلاً."};
constexpr list hi_names = {"प्रिया", "अमित क.", "कृष्णा"};
constexpr list hi_titles = {"बहुत बढ़िया", "ठीक ठाक"};
constexpr list hi_texts = {"खाना स्वादिष्ट था और सेवा भी अच्छी थी।", "थोड़ा महँगा है, पर जगह सुंदर है।", "ज़रूर आइए।"};
constexpr list ja_names = {"さくら", "田中 太郎", "ケンジ"};
constexpr list ja_titles = {"また行きたい", "期待はずれ", "最高でした"};
constexpr list ja_texts = {
    "店員さんがとても親切でした。",
    "ラーメンのスープが濃厚で美味しかったです。",
    "駅から近くて便利ですが、週末は混みます。",
};
constexpr list zh_names = {"小明", "王芳", "𠮷野"};
constexpr list zh_titles = {"非常推荐", "一般般", "环境很好"};
constexpr list zh_texts = {"味道很好，价格也合理。", "等位时间太长了。", "服务员很热情，下次还会再来。",
                           "房间干净，隔音一般。"};
constexpr list ko_names = {"김민준", "서연", "박지훈"};
constexpr list ko_titles = {"강력 추천", "그저 그래요"};
constexpr list ko_texts = {"직원분들이 정말 친절했어요.", "가격 대비 양이 적어요.",
                           "커피가 맛있고 조용합니다."};

constexpr language all_languages[] = {
    {40, en_names, en_titles, en_texts},    {8, de_names, de_titles, de_texts},
    {8, fr_names, fr_titles, fr_texts},     {8, es_names, es_titles, es_texts},
    {5, pt_names, pt_titles, pt_texts},     {4, pl_names, pl_titles, pl_texts},
    {5, ru_names, ru_titles, ru_texts},     {2, el_names, el_titles, el_texts},
    {2, he_names, he_titles, he_texts},     {3, ar_names, ar_titles, ar_texts},
    {3, hi_names, hi_titles, hi_texts},     {5, ja_names, ja_titles, ja_texts, ""},
    {5, zh_names, zh_titles, zh_texts, ""}, {2, ko_names, ko_titles, ko_texts},
};

constexpr list all_emoji = {"😀", "👍🏽", "❤️",        "👩‍🍳", "🇮🇹",
                            "🍕", "☕",        "🤷‍♂️", "⭐⭐⭐",         "👨‍👩‍👧‍👦"};

constexpr list all_trades = {"cafe",   "hotel",  "bakery",      "books",
                             "garage", "bistro", "hairdresser", "pizzeria"};

} // namespace

std::span<const language> languages() {
  return all_languages;
}

std::span<const std::string_view> emoji() {
  return all_emoji;
}

std::span<const std::string_view> trades() {
  return all_trades;
}

} // namespace reviews::ctl
