//! Everyday requests in other languages than English.

/// How somebody asks, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tongue {
    /// Rule of a request.
    pub(crate) task: &'static str,
    /// Rule of a reaction to an answer.
    pub(crate) followup: &'static str,
    /// Hours ahead of UTC where it is mostly spoken.
    pub(crate) offset: i64,
}

const fn tongue(task: &'static str, followup: &'static str, offset: i64) -> Tongue {
    Tongue { task, followup, offset }
}

impl Tongue {
    /// Everyday English.
    pub(crate) fn english() -> Self {
        TONGUES[0].1
    }

    /// The language of a country, unless that is English or none that the grammar has.
    pub(crate) fn of(country: &str) -> Option<Self> {
        let rule = match country {
            "ES" | "MX" => "task_es",
            "DE" => "task_de",
            "FR" => "task_fr",
            "BR" => "task_pt",
            "TR" => "task_tr",
            "ID" => "task_id",
            "CN" | "SG" => "task_zh",
            "JP" => "task_ja",
            _ => return None,
        };
        TONGUES.iter().map(|(_, tongue)| *tongue).find(|tongue| tongue.task == rule)
    }
}

/// By weight; English is spoken in several time zones.
pub(crate) const TONGUES: &[(u32, Tongue)] = &[
    (12, tongue("task", "followup", -6)),
    (8, tongue("task", "followup", 0)),
    (6, tongue("task", "followup", 5)),
    (10, tongue("task_es", "followup_es", -5)),
    (8, tongue("task_de", "followup_de", 1)),
    (8, tongue("task_fr", "followup_fr", 1)),
    (8, tongue("task_pt", "followup_pt", -3)),
    (6, tongue("task_tr", "followup_tr", 3)),
    (6, tongue("task_id", "followup_id", 7)),
    (7, tongue("task_ru", "followup_ru", 3)),
    (10, tongue("task_zh", "followup_zh", 8)),
    (7, tongue("task_ja", "followup_ja", 9)),
];

rules! {
    "task_es" => [
        "¿Cómo puedo {hacer_es} {cosa_es} {modo_es}?", "Escribe {texto_es} sobre {cosa_es} {modo_es}.", "Explícame {cosa_es} {modo_es}, por favor.",
        "Necesito {hacer_es} {cosa_es} antes del {#1-28}. ¿Qué me {recomiendas|aconsejas|sugieres}?", "¿Por qué {cosa_es} cuesta {#10-900} euros? {^modo_es}.",
    ],
    "followup_es" => ["más corto, por favor", "¿y {cosa_es}?", "gracias, ahora {modo_es}", "no entiendo {cosa_es}", "sigue"],
    "hacer_es" => ["arreglar", "mejorar", "elegir", "preparar", "vender", "organizar", "limpiar", "calcular", "traducir"],
    "cosa_es" => ["el contrato de alquiler", "una receta de lentejas", "mi currículum", "la bici de mi hija", "los impuestos", "una fiesta de {#10-80} personas", "el jardín", "la tesis", "el seguro del coche", "un viaje a {^nonce}", "mi tienda {^nonce}"],
    "modo_es" => ["en pocas palabras", "paso a paso", "sin gastar mucho", "para principiantes", "con un ejemplo", "en {#2-9} puntos", "como a un niño", "con humor"],
    "texto_es" => ["un correo", "un poema", "un anuncio", "una carta", "un resumen", "un guion"],
    "task_de" => [
        "Wie kann ich {sache_de} {weise_de} {tun_de}?", "Schreib mir {text_de} über {sache_de}, {weise_de}.", "Warum ist {sache_de} so {teuer|schwierig|beliebt|langsam}? Bitte {weise_de}.",
        "Ich muss bis {#1-28}.{#1-12}. {sache_de} {tun_de}. Was {rätst du|meinst du|wäre sinnvoll}?", "Erkläre {sache_de} {weise_de}.",
    ],
    "followup_de" => ["kürzer bitte", "und {sache_de}?", "danke, jetzt {weise_de}", "das verstehe ich nicht", "weiter"],
    "tun_de" => ["reparieren", "verbessern", "auswählen", "vorbereiten", "verkaufen", "ordnen", "berechnen", "prüfen"],
    "sache_de" => ["die Steuererklärung", "mein Fahrrad", "den Mietvertrag", "eine Bewerbung", "die Heizung", "den Garten", "ein Fest für {#10-80} Leute", "meine Masterarbeit", "die Reise nach {^nonce}", "den Verein {^nonce}"],
    "weise_de" => ["in wenigen Worten", "Schritt für Schritt", "möglichst günstig", "für Anfänger", "mit einem Beispiel", "in {#2-9} Punkten", "ohne Fachwörter", "mit Humor"],
    "text_de" => ["eine Mail", "ein Gedicht", "eine Anzeige", "einen Brief", "eine Zusammenfassung", "eine Rede"],
    "task_fr" => [
        "Comment {faire_fr} {chose_fr} {facon_fr} ?", "Écris {texte_fr} sur {chose_fr}, {facon_fr}.", "Peux-tu expliquer {chose_fr} {facon_fr} ?",
        "Je dois {faire_fr} {chose_fr} avant le {#1-28}. Une idée ?", "Pourquoi {chose_fr} {coûte|prend|demande} autant ? {^facon_fr}.",
    ],
    "followup_fr" => ["plus court", "et {chose_fr} ?", "merci, maintenant {facon_fr}", "je ne comprends pas {chose_fr}", "continue"],
    "faire_fr" => ["réparer", "améliorer", "choisir", "préparer", "vendre", "organiser", "nettoyer", "calculer"],
    "chose_fr" => ["le bail", "une tarte aux poireaux", "mon CV", "la chaudière", "les impôts", "une fête pour {#10-80} amis", "le potager", "mon mémoire", "un voyage à {^nonce}", "l'association {^nonce}"],
    "facon_fr" => ["en deux phrases", "étape par étape", "sans trop dépenser", "pour un débutant", "avec un exemple", "en {#2-9} points", "simplement", "avec humour"],
    "texte_fr" => ["un courriel", "un poème", "une annonce", "une lettre", "un résumé", "un discours"],
    "task_pt" => [
        "Como posso {fazer_pt} {coisa_pt} {jeito_pt}?", "Escreva {texto_pt} sobre {coisa_pt}, {jeito_pt}.", "Me explica {coisa_pt} {jeito_pt}?",
        "Preciso {fazer_pt} {coisa_pt} até o dia {#1-28}. O que acha?", "Por que {coisa_pt} custa {#10-900} reais? {^jeito_pt}.",
    ],
    "followup_pt" => ["mais curto", "e {coisa_pt}?", "valeu, agora {jeito_pt}", "não entendi {coisa_pt}", "continua"],
    "fazer_pt" => ["consertar", "melhorar", "escolher", "preparar", "vender", "organizar", "limpar", "calcular"],
    "coisa_pt" => ["o contrato", "um bolo de cenoura", "meu currículo", "a moto", "o imposto de renda", "uma festa para {#10-80} pessoas", "a horta", "o TCC", "uma viagem para {^nonce}", "a loja {^nonce}"],
    "jeito_pt" => ["em poucas palavras", "passo a passo", "gastando pouco", "para iniciantes", "com um exemplo", "em {#2-9} itens", "sem termos difíceis", "com humor"],
    "texto_pt" => ["um e-mail", "um poema", "um anúncio", "uma carta", "um resumo", "um roteiro"],
    "task_tr" => [
        "{sey_tr} {bicim_tr} nasıl {yap_tr}?", "{sey_tr} hakkında {bicim_tr} {metin_tr} yaz.", "{sey_tr} nedir, {bicim_tr} anlatır mısın?", "Ayın {#1-28} gününe kadar {sey_tr} lazım, ne önerirsin?",
    ],
    "followup_tr" => ["daha kısa", "peki {sey_tr}?", "teşekkürler, şimdi {bicim_tr}", "devam et"],
    "yap_tr" => ["onarılır", "seçilir", "hazırlanır", "satılır", "düzenlenir", "hesaplanır"],
    "sey_tr" => ["kira sözleşmesi", "mercimek çorbası", "özgeçmişim", "bisiklet", "vergi beyanı", "{#10-80} kişilik düğün", "bahçe", "bitirme tezi", "{^nonce} gezisi"],
    "bicim_tr" => ["kısaca", "adım adım", "ucuza", "yeni başlayanlar için", "örnekle", "{#2-9} maddede"],
    "metin_tr" => ["bir e-posta", "bir şiir", "bir ilan", "bir mektup", "bir özet"],
    "task_id" => [
        "Bagaimana cara {buat_id} {hal_id} {gaya_id}?", "Tulis {teks_id} tentang {hal_id} {gaya_id}.", "Tolong jelaskan {hal_id} {gaya_id}.", "Saya harus {buat_id} {hal_id} sebelum tanggal {#1-28}, ada saran?",
    ],
    "followup_id" => ["lebih singkat", "kalau {hal_id}?", "terima kasih, sekarang {gaya_id}", "lanjut"],
    "buat_id" => ["memperbaiki", "memilih", "menyiapkan", "menjual", "mengatur", "menghitung"],
    "hal_id" => ["kontrak sewa", "resep rendang", "surat lamaran", "motor saya", "pajak", "acara untuk {#10-80} orang", "kebun", "skripsi", "perjalanan ke {^nonce}"],
    "gaya_id" => ["dengan singkat", "langkah demi langkah", "dengan murah", "untuk pemula", "dengan contoh", "dalam {#2-9} poin"],
    "teks_id" => ["surel", "puisi", "iklan", "surat", "ringkasan"],
    "task_ru" => [
        "Как {delat_ru} {vesh_ru} {kak_ru}?", "Напиши {tekst_ru} про {vesh_ru}, {kak_ru}.", "Объясни {kak_ru}, что такое {vesh_ru}.", "К {#1-28} числу надо {delat_ru} {vesh_ru}. Что посоветуешь?",
    ],
    "followup_ru" => ["короче", "а {vesh_ru}?", "спасибо, теперь {kak_ru}", "дальше"],
    "delat_ru" => ["починить", "выбрать", "подготовить", "продать", "посчитать", "улучшить"],
    "vesh_ru" => ["договор аренды", "рецепт борща", "резюме", "велосипед", "налоги", "праздник на {#10-80} человек", "огород", "диплом", "поездку в {^nonce}"],
    "kak_ru" => ["вкратце", "по шагам", "недорого", "для новичка", "с примером", "в {#2-9} пунктах"],
    "tekst_ru" => ["письмо", "стихи", "объявление", "краткое изложение", "речь"],
    "task_zh" => ["请{fang_zh}说明{shi_zh}。", "怎样{zuo_zh}{shi_zh}?{fang_zh}回答。", "帮我写{wen_zh},主题是{shi_zh},{fang_zh}。", "{#1-28}号之前要{zuo_zh}{shi_zh},有什么建议?"],
    "followup_zh" => ["短一点", "那{shi_zh}呢?", "谢谢,现在{fang_zh}", "继续"],
    "zuo_zh" => ["修理", "选择", "准备", "出售", "安排", "计算", "改进"],
    "shi_zh" => ["租房合同", "红烧肉的做法", "我的简历", "自行车", "个人所得税", "{#10-80}人的聚会", "阳台菜园", "毕业论文", "去{^nonce}旅行", "{^nonce}小店"],
    "fang_zh" => ["简单地", "一步一步地", "用例子", "分{#2-9}点", "用初学者能懂的话", "省钱地"],
    "wen_zh" => ["一封邮件", "一首诗", "一则广告", "一封信", "一份摘要"],
    "task_ja" => ["{koto_ja}を{shikata_ja}{suru_ja}方法は?", "{koto_ja}について{shikata_ja}{bun_ja}を書いてください。", "{koto_ja}を{shikata_ja}説明して。", "{#1-28}日までに{koto_ja}を{suru_ja}必要があります。助言をください。"],
    "followup_ja" => ["もっと短く", "{koto_ja}は?", "ありがとう、次は{shikata_ja}", "続けて"],
    "suru_ja" => ["直す", "選ぶ", "準備する", "売る", "整理する", "計算する"],
    "koto_ja" => ["賃貸契約", "味噌汁", "履歴書", "自転車", "確定申告", "{#10-80}人の宴会", "家庭菜園", "卒業論文", "{^nonce}への旅行"],
    "shikata_ja" => ["簡単に", "順を追って", "安く", "初心者向けに", "例を挙げて", "{#2-9}点で"],
    "bun_ja" => ["メール", "詩", "広告", "手紙", "要約"],
}
